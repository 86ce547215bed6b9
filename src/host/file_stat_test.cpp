// SPDX-License-Identifier: Apache-2.0
#include "host/file_stat.h"

#include <gtest/gtest.h>

namespace bulkhead::host {
namespace {

TEST(FileStat, reads_a_socket_and_compares_by_device_and_inode) {
    const auto one = parse_file_stat(R"({"type":"socket","mode":"0660","uid":0,"gid":101,"size":0,"dev":"0:25","ino":700,"mtime_ms":5})");
    const auto other_device = parse_file_stat(R"({"type":"socket","mode":"0660","uid":0,"gid":101,"size":0,"dev":"0:26","ino":700,"mtime_ms":5})");
    ASSERT_TRUE(one && other_device);
    EXPECT_EQ(one->mode, 0660);
    EXPECT_EQ(one->mode_text(), "0660");
    EXPECT_TRUE(one->is_same_file(*one));
    EXPECT_FALSE(one->is_same_file(*other_device));
}

TEST(FileStat, what_lacks_an_owner_or_an_inode_is_corrupt) {
    for (const char* wrong : {"", "[]", "{}", R"({"mode":"0660","uid":0,"gid":0,"dev":"0:1"})", R"({"mode":"99","uid":0,"gid":0,"dev":"0:1","ino":1})"}) {
        EXPECT_FALSE(parse_file_stat(wrong)) << wrong;
    }
}

TEST(FileStat, what_is_left_of_a_filesystem_is_known_whole_or_not_at_all) {
    const auto with_space = [](const std::string& space) {
        const auto stat = parse_file_stat(R"({"type":"directory","mode":"0755","uid":0,"gid":0,"size":1,"dev":"8:1","ino":2,"space":)" + space + "}");
        EXPECT_TRUE(stat) << space;
        return stat ? stat->space : std::nullopt;
    };
    const auto space = with_space(R"({"bytes":1000,"available":50,"files":10,"files_available":9})");
    ASSERT_TRUE(space);
    EXPECT_EQ(space->bytes, 1000);
    EXPECT_EQ(space->available, 50);
    EXPECT_EQ(space->files, 10);
    EXPECT_EQ(space->files_available, 9);
    for (const char* part :
         {"null", "{}", "[]", R"({"bytes":1000,"files":10,"files_available":9})", R"({"bytes":1000,"available":-1,"files":10,"files_available":9})",
          R"({"bytes":18446744073709551615,"available":1,"files":10,"files_available":9})"}) {
        EXPECT_FALSE(with_space(part)) << part;
    }
}

TEST(FileStat, names_come_from_the_database_of_the_files_own_root) {
    EXPECT_EQ(name_of_id("root:x:0:0::/root:/bin/sh\ndocker:x:101:\n", 101), "docker");
    EXPECT_FALSE(name_of_id("broken\nroot:x:0:0\n", 5));
}

}  // namespace
}  // namespace bulkhead::host
