// SPDX-License-Identifier: Apache-2.0
#include "image/archive.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "image/archive_reader.h"
#include "image/documents.h"
#include "image/layer_json.h"
#include "image/testing/tar_maker.h"
#include "world/testing/temp_folder.h"

namespace bulkhead::image {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

std::string some_layer(const std::string& name = "usr/bin/su") { return TarMaker().file(name, "x", 04755).take(); }

Result<ArchiveContent> scan(std::string bytes, Limits limits = {}) {
    TextStream stream(std::move(bytes), 777);
    return scan_archive(stream, limits);
}

void expect_whole(const Result<ArchiveContent>& content, const ImageMaker& image) {
    ASSERT_TRUE(content) << content.error().message;
    ASSERT_THAT(content->images, SizeIs(1));
    EXPECT_EQ(content->images[0].config.id, image.id());
    EXPECT_THAT(content->images[0].config.names, ElementsAre("shop/web:1"));
    EXPECT_EQ(content->images[0].config.user, "app");
    for (const std::string& layer : image.layers) {
        ASSERT_TRUE(content->layers.contains(sha256_text(layer))) << content->why_missing(sha256_text(layer));
        EXPECT_EQ(parse_layer(content->layers.at(sha256_text(layer)))->bytes, static_cast<std::int64_t>(layer.size()));
    }
    EXPECT_EQ(content->find(image.id()), &content->images[0]);
    EXPECT_EQ(content->find("sha256:" + std::string(64, '0')), nullptr) << "another image is no answer";
}

TEST(Archive, of_docker_save_is_read) {
    const ImageMaker image{.layers = {some_layer(), some_layer("b")}};
    expect_whole(scan(image.docker_save()), image);
}

TEST(Archive, of_oci_is_read_whatever_its_layers_are_packed_with) {
    for (const Packing packing : {Packing::plain, Packing::gzip, Packing::zstd}) {
        const ImageMaker image{.layers = {some_layer(), some_layer("b")}, .packing = packing};
        expect_whole(scan(image.oci_archive()), image);
    }
}

TEST(Archive, with_both_manifests_has_each_image_once) {
    const ImageMaker image{.layers = {some_layer()}};
    TarMaker tar;
    for (const auto& [path, bytes] : image.layout()) tar.file(path, bytes);
    tar.file("manifest.json", fmt::format(R"([{{"Config":"{}","RepoTags":["shop/web:1"],"Layers":[]}}])", ImageMaker::blob(image.config_json())));
    expect_whole(scan(tar.take()), image);
}

TEST(Archive, may_itself_be_packed) {
    const ImageMaker image{.layers = {some_layer()}};
    for (const Packing packing : {Packing::gzip, Packing::zstd}) expect_whole(scan(packed(image.docker_save(), packing)), image);
}

TEST(Archive, is_found_by_the_digests_of_its_manifest_too) {
    const ImageMaker image{.layers = {some_layer()}};
    const auto content = scan(image.oci_archive());
    ASSERT_TRUE(content);
    EXPECT_NE(content->find(sha256_text(image.manifest_json())), nullptr);
}

TEST(Archive, whose_layer_is_cut_has_the_image_and_says_why_the_layer_is_missing) {
    const ImageMaker image{.layers = {some_layer()}};
    TarMaker tar;
    for (const auto& [path, bytes] : image.layout()) {
        const bool layer = bytes.starts_with("\x1f\x8b");
        tar.file(path, layer ? bytes.substr(0, bytes.size() / 2) : bytes);
    }
    const auto content = scan(tar.take());
    ASSERT_TRUE(content) << content.error().message;
    EXPECT_FALSE(content->layers.contains(image.id()));
    EXPECT_TRUE(content->layers.empty());
    EXPECT_THAT(content->why_missing(sha256_text(image.layers[0])), HasSubstr("cannot be unpacked"));
}

TEST(Archive, whose_layer_is_another_than_the_configuration_names_does_not_have_it) {
    const ImageMaker image{.layers = {some_layer()}};
    std::string archive = image.docker_save();
    // The same size, another content: the name in the archive stays.
    const std::size_t at = archive.find("usr/bin/su");
    const auto content = scan(archive.replace(at, 1, "x"));
    // The tar's own checksum is wrong now: no sound tar, and so no layer.
    if (content) {
        EXPECT_FALSE(content->layers.contains(sha256_text(image.layers[0])));
    } else {
        EXPECT_EQ(content.error().code, Code::corrupt);
    }
}

TEST(Archive, whose_configuration_is_not_what_its_name_says_is_refused) {
    const ImageMaker image{.layers = {some_layer()}};
    TarMaker tar;
    tar.file(image.id().substr(7) + ".json", ImageMaker{.layers = {some_layer("other")}}.config_json());
    tar.file("manifest.json", fmt::format(R"([{{"Config":"{}.json","RepoTags":null,"Layers":[]}}])", image.id().substr(7)));
    const auto content = scan(tar.take());
    ASSERT_FALSE(content);
    EXPECT_THAT(content.error().message, HasSubstr("not what its name says"));
}

TEST(Archive, that_is_none_is_refused) {
    for (const std::string& bytes : {std::string(), std::string("PK\3\4"), std::string(5000, '\0'), some_layer(), TarMaker().file("manifest.json", "{}").take(),
                                     TarMaker().file("index.json", "[]").take(), TarMaker().file("manifest.json", "[]").take()}) {
        const auto content = scan(bytes);
        ASSERT_FALSE(content) << bytes.size();
        EXPECT_EQ(content.error().code, Code::corrupt);
    }
}

TEST(Archive, whose_source_breaks_gives_the_sources_error) {
    const std::string whole = ImageMaker{.layers = {some_layer(), some_layer("b")}}.docker_save();
    for (const std::size_t length : {whole.size() / 4, whole.size() / 2, whole.size() - 3000}) {
        TextStream stream(whole.substr(0, length), 777);
        stream.break_at_end({Code::unavailable, "the engine went away"});
        const auto content = scan_archive(stream, {});
        ASSERT_FALSE(content) << length;
        EXPECT_EQ(content.error().message, "the engine went away");
    }
}

TEST(Archive, an_index_that_leads_to_itself_ends_at_its_limit) {
    // No file can hold its own digest, so the deepest possible chain is built instead.
    TarMaker tar;
    std::string digest = "sha256:" + std::string(64, '0');
    std::string index;
    for (int i = 0; i < 10; ++i) {
        index = fmt::format(R"({{"manifests":[{{"digest":"{}"}}],"level":{}}})", digest, i);
        digest = sha256_text(index);
        tar.file(ImageMaker::blob(index), index);
    }
    tar.file("index.json", index);
    const auto content = scan(tar.take());
    ASSERT_FALSE(content);
    EXPECT_THAT(content.error().message, HasSubstr("index_depth_max"));
}

TEST(Archive, an_index_of_many_arms_ends_at_its_limit) {
    const std::string index = [] {
        std::string list;
        const std::string leaf = R"({"manifests":[]})";
        for (int i = 0; i < 50; ++i) list += fmt::format(R"({}{{"digest":"{}"}})", i == 0 ? "" : ",", sha256_text(leaf));
        return fmt::format(R"({{"manifests":[{}]}})", list);
    }();
    const auto content = scan(TarMaker().file("index.json", index).file("blobs/sha256/x", R"({"manifests":[]})").take(), {.images_max = 10});
    ASSERT_FALSE(content);
    EXPECT_THAT(content.error().message, HasSubstr("images_max"));
}

TEST(Archive, limits_end_it_with_their_name) {
    const ImageMaker image{.layers = {some_layer(), some_layer("b")}};
    for (const auto& [limits, name] : {std::pair{Limits{.archive_entries_max = 2}, "archive_entries_max"},
                                       {Limits{.archive_bytes_max = 1000}, "_bytes_max"},
                                       {Limits{.inflated_bytes_max = 3000}, "inflated_bytes_max"},
                                       {Limits{.documents_bytes_max = 100}, "documents_bytes_max"},
                                       {Limits{.document_bytes_max = 100}, "document_bytes_max"},
                                       {Limits{.layers_max = 1}, "layers_max"}}) {
        const auto content = scan(image.docker_save(), limits);
        ASSERT_FALSE(content) << name;
        EXPECT_THAT(content.error().message, HasSubstr(name));
    }
}

TEST(Archive, notes_of_the_builder_are_no_images) {
    const ImageMaker image{.layers = {some_layer()}};
    TarMaker tar;
    for (const auto& [path, bytes] : image.layout()) {
        if (path != "index.json") tar.file(path, bytes);
    }
    tar.file("index.json", fmt::format(R"({{"manifests":[{{"digest":"{}","annotations":{{"io.containerd.image.name":"shop/web:1"}}}},
      {{"digest":"sha256:{}","platform":{{"os":"unknown"}}}}]}})",
                                       sha256_text(image.manifest_json()), std::string(64, '1')));
    const auto content = scan(tar.take());
    expect_whole(content, image);
    EXPECT_TRUE(content->problems.empty());
}

TEST(ArchiveReader, answers_as_an_engine_with_images_alone) {
    const world::TempFolder folder;
    const ImageMaker image{.layers = {some_layer()}, .history = R"([{"created_by":"FROM x"},{"created_by":"RUN y","empty_layer":true}])"};
    for (const bool layout : {false, true}) {
        std::string path = folder.at("layout");
        if (layout) {
            for (const auto& [name, bytes] : image.layout()) folder.write("layout/" + name, bytes);
        } else {
            path = folder.write("image.tar", image.docker_save());
        }
        const auto reader = ArchiveReader::open(path, {});
        ASSERT_TRUE(reader) << reader.error().message;
        EXPECT_THAT((*reader)->read(world::engine_get("/images/json?all=0")).bytes, HasSubstr(image.id()));
        EXPECT_THAT((*reader)->read(world::engine_get("/images/" + image.id() + "/history")).bytes, HasSubstr("RUN y"));
        EXPECT_TRUE((*reader)->read(world::image_content(image.id())).present());
        EXPECT_TRUE((*reader)->read(world::image_layer(sha256_text(image.layers[0]))).present());
        EXPECT_EQ((*reader)->read(world::engine_get("/containers/json?all=1")).bytes, "[]");
        const auto info = (*reader)->read(world::engine_get("/info"));
        EXPECT_EQ(info.outcome, world::Outcome::failed);
        EXPECT_EQ(info.reason, archive_has_no_engine);
    }
    EXPECT_FALSE(ArchiveReader::open(folder.at("nothing"), {}));
}

}  // namespace
}  // namespace bulkhead::image
