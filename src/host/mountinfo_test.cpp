// SPDX-License-Identifier: Apache-2.0
#include "host/mountinfo.h"

#include <gtest/gtest.h>

namespace bulkhead::host {
namespace {

TEST(Mountinfo, reads_all_fields_of_a_read_only_root) {
    const auto mounts = parse_mountinfo("140 102 0:40 / / ro,relatime master:2 shared:9 - overlay overlay rw,lowerdir=/a:/b\n");
    ASSERT_TRUE(mounts);
    ASSERT_EQ(mounts->size(), 1U);
    const Mount& root = mounts->front();
    EXPECT_EQ(root.id, 140);
    EXPECT_EQ(root.parent_id, 102);
    EXPECT_EQ(root.device, "0:40");
    EXPECT_EQ(root.mount_point, "/");
    EXPECT_TRUE(root.is_read_only());
    EXPECT_EQ(root.propagation, (std::vector<std::string>{"master:2", "shared:9"}));
    EXPECT_EQ(root.fs_type, "overlay");
    EXPECT_EQ(root.super_options.items(), (std::vector<std::string>{"rw", "lowerdir=/a:/b"}));
}

TEST(Mountinfo, a_read_only_filesystem_is_read_only_through_a_writable_mount) {
    EXPECT_TRUE(parse_mountinfo("1 0 7:0 / /x rw - squashfs /dev/loop0 ro\n")->front().is_read_only());
    EXPECT_FALSE(parse_mountinfo("1 0 7:0 / /x rw - ext4 /dev/vda rw,rodata\n")->front().is_read_only());
}

TEST(Mountinfo, octal_escapes_become_the_bytes_they_stand_for) {
    const auto mounts = parse_mountinfo(R"(1 0 8:1 /my\040dir /mnt/a\011b\012c\134d rw - ext4 /dev/x\040y rw)");
    ASSERT_TRUE(mounts);
    EXPECT_EQ(mounts->front().root, "/my dir");
    EXPECT_EQ(mounts->front().mount_point, "/mnt/a\tb\nc\\d");
    EXPECT_EQ(mounts->front().source, "/dev/x y");
    EXPECT_EQ(unescape_octal(R"(\04)"), R"(\04)");
    EXPECT_EQ(unescape_octal(R"(\777)"), R"(\777)");
}

TEST(Mountinfo, an_empty_source_does_not_shift_the_options) {
    const auto mounts = parse_mountinfo("1 0 0:5 / /x rw - tmpfs  rw,size=64k\n");
    ASSERT_TRUE(mounts) << mounts.error().message;
    EXPECT_EQ(mounts->front().source, "");
    EXPECT_EQ(mounts->front().super_options.items(), (std::vector<std::string>{"rw", "size=64k"}));
}

TEST(Mountinfo, lines_cut_short_and_garbage_are_corrupt) {
    for (const std::string_view wrong : {"140 102 0:40 / / ro", "x y 0:40 / / ro - overlay overlay rw", "1 0 0:5 / /x rw - tmpfs", "- - - -", "\n"}) {
        EXPECT_FALSE(parse_mountinfo(wrong)) << wrong;
    }
}

}  // namespace
}  // namespace bulkhead::host
