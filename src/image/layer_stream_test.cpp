// SPDX-License-Identifier: Apache-2.0
#include "image/layer_stream.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "image/archive_stream.h"
#include "image/tar_reader.h"
#include "image/testing/tar_maker.h"

namespace bulkhead::image {
namespace {

using testing::HasSubstr;

Result<std::string> digest_of(const std::string& bytes, Packing packing, Limits limits = {}) {
    TextStream source(bytes, 500);
    Resumed resumed("", source);
    std::int64_t inflated = 0;
    LayerStream stream(resumed, packing, limits, inflated);
    return stream.finish();
}

TEST(LayerStream, gives_the_digest_of_the_plain_bytes_however_they_are_packed) {
    const std::string plain = TarMaker().file("a", std::string(100'000, 'a')).take();
    for (const Packing packing : {Packing::plain, Packing::gzip, Packing::zstd}) {
        const std::string bytes = packed(plain, packing);
        EXPECT_EQ(packing_of(bytes), packing);
        const auto digest = digest_of(bytes, packing);
        ASSERT_TRUE(digest) << digest.error().message;
        EXPECT_EQ(*digest, sha256_text(plain));
    }
    EXPECT_EQ(sha256_text(""), "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(LayerStream, does_not_unpack_what_is_packed_inside) {
    const std::string inner = packed("hello", Packing::gzip);
    EXPECT_EQ(*digest_of(packed(inner, Packing::gzip), Packing::gzip), sha256_text(inner));
}

TEST(LayerStream, that_is_cut_or_damaged_is_an_error) {
    for (const Packing packing : {Packing::gzip, Packing::zstd}) {
        const std::string bytes = packed(TarMaker().file("a", std::string(100'000, 'a')).take(), packing);
        const auto cut = digest_of(bytes.substr(0, bytes.size() / 2), packing);
        ASSERT_FALSE(cut);
        EXPECT_EQ(cut.error().code, Code::corrupt);
    }
}

TEST(LayerStream, a_bomb_ends_at_a_limit_with_its_name) {
    const std::string zeros = packed(std::string(4'000'000, '\0'), Packing::gzip);
    for (const auto& [limits, name] : {std::pair{Limits{.layer_bytes_max = 1'000'000}, "layer_bytes_max"},
                                       {Limits{.inflated_bytes_max = 1'000'000}, "inflated_bytes_max"},
                                       {Limits{.ratio_max = 200, .ratio_bytes_min = 100'000}, "ratio_max"}}) {
        const auto digest = digest_of(zeros, Packing::gzip, limits);
        ASSERT_FALSE(digest) << name;
        EXPECT_EQ(digest.error().code, Code::limit_exceeded);
        EXPECT_THAT(digest.error().message, HasSubstr(name));
    }
}

TEST(LayerStream, tells_the_error_of_its_source) {
    TextStream source(packed(std::string(100'000, 'a'), Packing::gzip).substr(0, 50), 10);
    source.break_at_end({Code::unavailable, "gone"});
    Resumed resumed("", source);
    std::int64_t inflated = 0;
    LayerStream stream(resumed, Packing::gzip, Limits{}, inflated);
    EXPECT_EQ(stream.finish().error().message, "gone");
}

TEST(TarReader, a_tar_that_lies_about_sizes_is_corrupt) {
    std::string tar = TarMaker().file("a", std::string(2000, 'a')).file("b").take();
    TextStream stream(tar.substr(0, 1024), 100);  // the header says 2000, there are 512
    TarReader reader(stream);
    ASSERT_TRUE(reader.next());
    for (;;) {
        const auto data = reader.data();
        if (!data) {
            EXPECT_EQ(data.error().code, Code::corrupt);
            return;
        }
        ASSERT_FALSE(data->empty()) << "the end of a file that is not whole";
    }
}

TEST(TarReader, reads_only_regular_files_as_files) {
    TextStream stream(TarMaker().folder("d").link("l", "a").file("a", "hello").device("c").take());
    TarFiles files(stream);
    EXPECT_EQ(files.next_file()->value_or(""), "a");
    EXPECT_EQ(*files.bytes().next(), "hello");
    EXPECT_EQ(*files.next_file(), std::nullopt);
}

}  // namespace
}  // namespace bulkhead::image
