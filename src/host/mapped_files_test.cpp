// SPDX-License-Identifier: Apache-2.0
#include "host/mapped_files.h"

#include <gtest/gtest.h>

namespace bulkhead::host {
namespace {

using Paths = std::vector<std::string>;

TEST(MappedFiles, each_file_once_and_no_memory_without_a_file) {
    const auto paths = parse_mapped_files(
        "55d0-55d1 r--p 00000000 08:01 77                         /usr/local/bin/telemetryd\n"
        "55d1-55d2 r-xp 00001000 08:01 77                         /usr/local/bin/telemetryd\n"
        "55d9-55da rw-p 00000000 00:00 0                          [heap]\n"
        "7f00-7f01 rw-p 00000000 00:00 0 \n"
        "7f01-7f02 r-xp 00000000 08:01 78                         /lib/libtomcrypt.so.1\n");
    ASSERT_TRUE(paths);
    EXPECT_EQ(*paths, (Paths{"/usr/local/bin/telemetryd", "/lib/libtomcrypt.so.1"}));
}

TEST(MappedFiles, a_path_may_hold_blanks_and_escapes) {
    EXPECT_EQ(*parse_mapped_files("1-2 r-xp 0 08:01 7   /opt/my app/x (deleted)\n"), (Paths{"/opt/my app/x (deleted)"}));
    EXPECT_EQ(*parse_mapped_files("1-2 r-xp 0 08:01 7 /a\\012b\n"), (Paths{"/a\nb"}));
}

TEST(MappedFiles, broken_lines_are_no_files) { EXPECT_TRUE(parse_mapped_files("\n1\n1-2 r-xp\n/x\n1-2 r 0 0 0\n")->empty()); }

TEST(MappedFiles, an_endless_map_is_refused) {
    std::string bytes;
    for (std::size_t i = 0; i <= mapped_files_max; ++i) bytes += "1-2 r-xp 0 08:01 7 /" + std::to_string(i) + "\n";
    EXPECT_EQ(parse_mapped_files(bytes).error().code, Code::limit_exceeded);
}

}  // namespace
}  // namespace bulkhead::host
