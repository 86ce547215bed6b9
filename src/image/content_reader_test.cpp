// SPDX-License-Identifier: Apache-2.0
#include "image/content_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "image/layer_json.h"
#include "image/testing/tar_maker.h"
#include "world/testing/fake_reader.h"
#include "world/testing/temp_folder.h"

namespace bulkhead::image {
namespace {

using testing::HasSubstr;

class Exports : public world::ImageExports {
  public:
    explicit Exports(std::string archive) : archive_(std::move(archive)) {}
    Result<std::unique_ptr<world::ByteStream>> open_image(const std::string&) override {
        ++opened;
        if (error) return std::unexpected(*error);
        return std::make_unique<TextStream>(archive_, 1000);
    }
    std::optional<Error> error;
    int opened = 0;

  private:
    std::string archive_;
};

const ImageMaker image{.layers = {TarMaker().file("bin/su", "x", 04755).take()}};

struct Bench {
    world::TempFolder folder;
    world::FakeReader inner;
    Exports exports{image.docker_save()};
    ContentReader reader(bool with_cache = false) {
        ContentOptions options;
        if (with_cache) options.cache = std::move(*world::CacheFolder::open(folder.at("cache")));
        return {inner, exports, std::move(options)};
    }
};

world::Request layer_request() { return world::image_layer(sha256_text(image.layers[0])); }

TEST(ContentReader, looks_into_an_image_once_and_passes_the_rest_on) {
    Bench setup;
    setup.inner.set("engine:/info", "{}");
    auto reader = setup.reader();
    EXPECT_TRUE(reader.read(world::engine_get("/info")).present());
    const auto content = reader.read(world::image_content(image.id()));
    ASSERT_TRUE(content.present()) << content.reason;
    EXPECT_EQ(parse_image(content.bytes)->id, image.id());
    const auto layer = reader.read(layer_request());
    ASSERT_TRUE(layer.present()) << layer.reason;
    EXPECT_TRUE(parse_layer(layer.bytes)->files.at(0).set_uid());
    EXPECT_EQ(setup.exports.opened, 1);
}

TEST(ContentReader, a_layer_without_its_image_is_not_known) {
    Bench setup;
    auto reader = setup.reader();
    EXPECT_EQ(reader.read(layer_request()).outcome, world::Outcome::failed);
}

TEST(ContentReader, an_export_of_another_image_is_no_answer) {
    Bench setup;
    auto reader = setup.reader();
    const auto reading = reader.read(world::image_content("sha256:" + std::string(64, '7')));
    EXPECT_EQ(reading.outcome, world::Outcome::failed);
    EXPECT_THAT(reading.reason, HasSubstr("another image"));
}

TEST(ContentReader, tells_why_the_engine_gave_nothing) {
    for (const auto& [code, outcome] :
         {std::pair{Code::not_found, world::Outcome::absent}, {Code::permission_denied, world::Outcome::denied}, {Code::unavailable, world::Outcome::failed}}) {
        Bench setup;
        setup.exports.error = Error{code, "why"};
        auto reader = setup.reader();
        const auto reading = reader.read(world::image_content(image.id()));
        EXPECT_EQ(reading.outcome, outcome);
        EXPECT_EQ(reading.reason, "why");
    }
}

TEST(ContentReader, that_leaves_content_out_reads_nothing_and_says_so) {
    Bench setup;
    ContentReader reader(setup.inner, setup.exports, ContentOptions{.left_out = true, .cache = nullptr, .on_reading = {}, .limits = {}});
    const auto reading = reader.read(world::image_content(image.id()));
    EXPECT_EQ(reading.outcome, world::Outcome::failed);
    EXPECT_EQ(reading.reason, world::image_content_left_out);
    EXPECT_EQ(setup.exports.opened, 0);
}

TEST(ContentReader, finds_in_the_cache_what_it_found_before) {
    Bench setup;
    std::string first;
    {
        auto reader = setup.reader(true);
        first = reader.read(world::image_content(image.id())).bytes + reader.read(layer_request()).bytes;
    }
    auto reader = setup.reader(true);
    const std::string second = reader.read(world::image_content(image.id())).bytes + reader.read(layer_request()).bytes;
    EXPECT_EQ(first, second);
    EXPECT_EQ(setup.exports.opened, 1);
}

TEST(ContentReader, does_not_believe_a_broken_cache) {
    Bench setup;
    {
        (void)setup.reader(true).read(world::image_content(image.id()));
    }
    for (const auto& entry : std::filesystem::directory_iterator(setup.folder.at("cache"))) std::filesystem::resize_file(entry.path(), 100);
    auto reader = setup.reader(true);
    EXPECT_TRUE(reader.read(world::image_content(image.id())).present());
    EXPECT_TRUE(reader.read(layer_request()).present());
    EXPECT_EQ(setup.exports.opened, 2);
}

TEST(ContentReader, an_image_without_one_of_its_layers_is_read_and_the_layer_is_not) {
    Bench setup;
    TarMaker tar;
    for (const auto& [path, bytes] : image.layout()) {
        if (!bytes.starts_with("\x1f\x8b")) tar.file(path, bytes);
    }
    Exports exports(tar.take());
    ContentReader reader(setup.inner, exports, ContentOptions{});
    EXPECT_TRUE(reader.read(world::image_content(image.id())).present());
    const auto layer = reader.read(layer_request());
    EXPECT_EQ(layer.outcome, world::Outcome::failed);
    EXPECT_THAT(layer.reason, HasSubstr("has no layer"));
}

}  // namespace
}  // namespace bulkhead::image
