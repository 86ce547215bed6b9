// SPDX-License-Identifier: Apache-2.0
#include "image/layer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "image/kept_file.h"
#include "image/layer_json.h"
#include "image/testing/tar_maker.h"

namespace bulkhead::image {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

Result<LayerContent> scan(std::string tar, Limits limits = {}) {
    TextStream stream(std::move(tar), 1000);
    return scan_layer(stream, limits);
}

const LayerFile* file_of(const LayerContent& layer, const std::string& path) {
    const auto found = std::ranges::find(layer.files, path, &LayerFile::path);
    return found == layer.files.end() ? nullptr : &*found;
}

TEST(Layer, tells_owners_modes_links_devices_and_capabilities) {
    TarMaker tar;
    tar.folder("./usr/")
        .file("./usr/su", "x", 04755)
        .file("/opt/x", "x", 02711, {1000, 1001})
        .link("bin", "usr/bin")
        .device("dev/null")
        .with_capabilities("ping");
    const auto layer = scan(tar.take());
    ASSERT_TRUE(layer) << layer.error().message;
    ASSERT_NE(file_of(*layer, "usr/su"), nullptr);
    EXPECT_TRUE(file_of(*layer, "usr/su")->set_uid());
    EXPECT_TRUE(file_of(*layer, "opt/x")->set_gid());
    EXPECT_EQ(file_of(*layer, "opt/x")->uid, 1000);
    EXPECT_EQ(file_of(*layer, "opt/x")->gid, 1001);
    EXPECT_EQ(file_of(*layer, "bin")->type, FileType::symlink);
    EXPECT_EQ(file_of(*layer, "bin")->link, "usr/bin");
    EXPECT_EQ(file_of(*layer, "dev/null")->type, FileType::device);
    EXPECT_FALSE(file_of(*layer, "dev/null")->special()) << "a device is no file that anybody may change";
    EXPECT_TRUE(file_of(*layer, "ping")->capabilities);
    EXPECT_EQ(file_of(*layer, "usr")->type, FileType::directory);
}

TEST(Layer, world_writable_folders_count_only_without_the_sticky_bit) {
    TarMaker tar;
    tar.folder("tmp", 01777).folder("open", 0777).file("data", "x", 0666).link("l", "x");
    const auto layer = scan(tar.take());
    ASSERT_TRUE(layer);
    EXPECT_FALSE(file_of(*layer, "tmp")->world_writable());
    EXPECT_TRUE(file_of(*layer, "open")->world_writable());
    EXPECT_TRUE(file_of(*layer, "data")->world_writable());
    EXPECT_FALSE(file_of(*layer, "l")->world_writable()) << "the mode of a link means nothing";
}

TEST(Layer, knows_whiteouts_and_opaque_folders) {
    TarMaker tar;
    tar.file("etc/.wh.passwd", "").file("var/.wh..wh..opq", "").file(".wh..wh.plnk", "").file("b", "x");
    const auto layer = scan(tar.take());
    ASSERT_TRUE(layer);
    ASSERT_THAT(layer->files, SizeIs(3));
    EXPECT_EQ(layer->files[0].path, "etc/passwd");
    EXPECT_EQ(layer->files[0].type, FileType::whiteout);
    EXPECT_EQ(layer->files[1].path, "var");
    EXPECT_EQ(layer->files[1].type, FileType::opaque);
}

TEST(Layer, a_hard_link_that_sets_the_bit_sets_it_on_the_file_too) {
    TarMaker tar;
    tar.file("bin/tool", "x", 0755).hard_link("bin/other", "bin/tool", 04755);
    const auto layer = scan(tar.take());
    ASSERT_TRUE(layer);
    EXPECT_TRUE(file_of(*layer, "bin/tool")->set_uid()) << "one inode has one mode";
    EXPECT_TRUE(file_of(*layer, "bin/other")->set_uid());
    EXPECT_EQ(file_of(*layer, "bin/other")->link, "bin/tool");
}

TEST(Layer, a_package_database_by_a_hard_link_is_the_same_database) {
    TarMaker tar;
    tar.file("var/lib/dpkg/status", "Package: a\nStatus: install ok installed\nVersion: 1\n").hard_link("var/lib/dpkg/status.d/a", "var/lib/dpkg/status");
    const auto layer = scan(tar.take());
    ASSERT_TRUE(layer);
    ASSERT_THAT(layer->databases, SizeIs(2));
    EXPECT_EQ(layer->databases[1].packages.at(0).name, "a");
}

TEST(Layer, a_package_database_that_links_to_what_was_not_kept_is_a_problem_not_empty) {
    TarMaker tar;
    tar.file("elsewhere", "Package: a\n").hard_link("var/lib/dpkg/status", "elsewhere").hard_link("lib/apk/db/installed", "in/a/lower/layer");
    const auto layer = scan(tar.take());
    ASSERT_TRUE(layer);
    ASSERT_THAT(layer->databases, SizeIs(2));
    for (const auto& database : layer->databases) EXPECT_THAT(database.problem, HasSubstr("hard link")) << database.path;
}

TEST(Layer, a_path_that_leads_out_is_a_problem_and_no_file) {
    TarMaker tar;
    tar.file("../../etc/cron.d/x", "x", 04755).file("a/../../b").hard_link("c", "../d");
    const auto layer = scan(tar.take());
    ASSERT_TRUE(layer);
    EXPECT_THAT(layer->files, IsEmpty());
    EXPECT_THAT(layer->problems, SizeIs(3));
    EXPECT_THAT(layer->problems[0].reason, HasSubstr("leads out"));
}

TEST(Layer, names_are_made_safe_and_stay_different) {
    const Limits limits;
    EXPECT_EQ(*plain_path("./a//b/./c/", limits), "a/b/c");
    EXPECT_EQ(*plain_path("a\nb", limits), "a\\x0ab");
    EXPECT_NE(*plain_path("a\nb", limits), *plain_path("a\\x0ab", limits));
    EXPECT_EQ(*plain_path(".", limits), "");
    EXPECT_FALSE(plain_path(std::string(5000, 'a'), limits));
}

TEST(Layer, the_later_entry_of_one_name_counts) {
    TarMaker tar;
    tar.file("a", "x", 04755).file("a", "x", 0755);
    const auto layer = scan(tar.take());
    ASSERT_TRUE(layer);
    ASSERT_THAT(layer->files, SizeIs(1));
    EXPECT_FALSE(layer->files[0].set_uid());
}

TEST(Layer, limits_end_it_with_their_name) {
    TarMaker tar;
    for (int i = 0; i < 20; ++i) tar.file(fmt::format("file{}", i));
    const std::string bytes = tar.take();
    for (const auto& [limits, name] : {std::pair{Limits{.layer_entries_max = 10}, "layer_entries_max"}, {Limits{.paths_bytes_max = 50}, "paths_bytes_max"}}) {
        const auto layer = scan(bytes, limits);
        ASSERT_FALSE(layer) << name;
        EXPECT_EQ(layer.error().code, Code::limit_exceeded);
        EXPECT_THAT(layer.error().message, HasSubstr(name));
    }
}

TEST(Layer, a_database_over_the_limit_is_a_problem_of_its_own) {
    TarMaker tar;
    tar.file("var/lib/dpkg/status", std::string(2000, 'x')).file("etc/passwd", "root:x:0:0::/:/bin/sh\n");
    const auto layer = scan(tar.take(), {.kept_file_bytes_max = 1000});
    ASSERT_TRUE(layer);
    ASSERT_THAT(layer->databases, SizeIs(1));
    EXPECT_THAT(layer->databases[0].problem, HasSubstr("kept_file_bytes_max"));
    EXPECT_THAT(layer->account_files.at(0).accounts, SizeIs(1));
}

TEST(Layer, finds_secrets_in_text_and_does_not_keep_them) {
    TarMaker tar;
    tar.file("root/.npmrc", "registry=x\n//registry.npmjs.org/:_authToken=npm_0123456789abcdefghijABCDEFGHIJ012345\n")
        .file("app/config.py", "key = 'AKIAQWERTYUIOPASDFGH'\n")
        .file("picture", std::string("\0AKIAQWERTYUIOPASDFGH", 21))
        .file("keys/store.p12", "x");
    const auto layer = scan(tar.take());
    ASSERT_TRUE(layer);
    ASSERT_THAT(layer->secret_files, SizeIs(3));
    EXPECT_EQ(layer->secret_files[0].secrets.at(0).line, 2);
    EXPECT_EQ(layer->secret_files[1].secrets.at(0).kind, "aws_access_key");
    EXPECT_EQ(layer->secret_files[2].secrets.at(0).kind, "key_store");
    EXPECT_THAT(write_layer(*layer), Not(HasSubstr("AKIA")));
    EXPECT_THAT(write_layer(*layer), Not(HasSubstr("npm_0123")));
}

TEST(LayerJson, leads_back_to_the_same_content) {
    TarMaker tar;
    tar.file("usr/bin/su", "x", 04755)
        .hard_link("usr/bin/su2", "usr/bin/su", 04755)
        .link("with blank", "to\tthere")
        .file("etc/.wh.x", "")
        .file("etc/passwd", "root:x:0:0:root:/root:/bin/sh\napp::1000:1000::/app:\n")
        .file("etc/group", "app:x:1000:a,b\n")
        .file("etc/shadow", "root:*:1::::::\napp::1::::::\n")
        .file("etc/os-release", "PRETTY_NAME=\"Some Linux 1\"\n")
        .file("lib/apk/db/installed", "P:musl\nV:1.2\nA:x86_64\nI:10\nF:lib\nR:libc.so\n\n")
        .file("var/lib/dpkg/info/a.list", "/usr/bin/a\n/usr/share/doc\n")
        .file(".env", "DB_PASSWORD=correct-horse\n")
        .file("../x");
    auto layer = scan(tar.take());
    ASSERT_TRUE(layer);
    layer->digest = "sha256:00";
    layer->bytes = 12;
    EXPECT_EQ(layer->os_name, "Some Linux 1");
    EXPECT_THAT(layer->secret_files, SizeIs(1));
    const auto again = parse_layer(write_layer(*layer));
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_EQ(*again, *layer);
}

TEST(LayerJson, of_another_shape_is_refused) {
    for (const char* bytes : {"", "{}", "[]", "{", R"({"digest":"x","files":"f 4755\n"})", R"({"digest":"x","files":"q 755 0 0 0 - a\n"})",
                              R"({"digest":"x","files":"f 99999999 0 0 0 - a\n"})"}) {
        EXPECT_FALSE(parse_layer(bytes)) << bytes;
    }
}

TEST(KeptFile, databases_are_known_by_their_path_alone) {
    EXPECT_EQ(kept_kind("var/lib/dpkg/status"), Kept::dpkg_status);
    EXPECT_EQ(kept_kind("var/lib/dpkg/status.d/tzdata"), Kept::dpkg_status);
    EXPECT_EQ(kept_kind("var/lib/dpkg/status.d/tzdata.md5sums"), std::nullopt);
    EXPECT_EQ(kept_kind("usr/lib/sysimage/rpm/Packages.db"), Kept::rpm_ndb);
    EXPECT_EQ(kept_kind("home/var/lib/dpkg/status"), std::nullopt);
    for (const auto path : database_paths()) EXPECT_TRUE(is_database(*kept_kind(path))) << path;
}

}  // namespace
}  // namespace bulkhead::image
