// SPDX-License-Identifier: Apache-2.0
#include "world/live/posix_acl.h"

#include <gtest/gtest.h>
#include <linux/posix_acl.h>
#include <sys/xattr.h>

#include <cstdint>

#include "world/live/files.h"
#include "world/testing/temp_folder.h"

namespace bulkhead::world {
namespace {

std::string word(std::uint32_t value, int bytes) {
    std::string out;
    for (int i = 0; i < bytes; ++i) out += static_cast<char>((value >> (8 * i)) & 0xFFU);
    return out;
}
std::string entry(std::uint32_t tag, std::uint32_t perm, std::uint32_t id = 0xFFFFFFFF) { return word(tag, 2) + word(perm, 2) + word(id, 4); }

const std::string base = word(2, 4) + entry(ACL_USER_OBJ, 6);
const std::string rest = entry(ACL_GROUP_OBJ, 4) + entry(ACL_MASK, 6) + entry(ACL_OTHER, 0);

TEST(PosixAcl, tells_named_users_and_groups_as_the_mask_lets_them) {
    EXPECT_EQ(parse_acl(base + entry(ACL_USER, 7, 1000) + entry(ACL_GROUP, 4, 27) + rest), R"(["user:1000:rw-","group:27:r--"])");
    EXPECT_EQ(parse_acl(base + entry(ACL_USER, 1, 1000) + rest), "[]") << "the mask takes all it has";
    EXPECT_EQ(parse_acl(base + rest), "[]");
}

TEST(PosixAcl, what_is_no_acl_is_not_an_empty_one) {
    EXPECT_FALSE(parse_acl(""));
    EXPECT_FALSE(parse_acl(word(1, 4)));
    EXPECT_FALSE(parse_acl(base + "x"));
}

TEST(PosixAcl, the_stat_of_a_file_shows_what_its_acl_grants) {
    const TempFolder folder;
    const std::string path = folder.write("file", "x");
    ASSERT_NE(read_stat(path, 0)->find(R"("acl":[])"), std::string::npos);
    const std::string acl = base + entry(ACL_USER, 6, 12345) + rest;
    if (setxattr(path.c_str(), "system.posix_acl_access", acl.data(), acl.size(), 0) != 0) GTEST_SKIP() << "needs a filesystem with ACLs (the lab has one)";
    EXPECT_NE(read_stat(path, 0)->find(R"("acl":["user:12345:rw-"])"), std::string::npos);
    EXPECT_NE(read_stat(path, 0)->find("\"path\":\"" + path + "\""), std::string::npos);
}

}  // namespace
}  // namespace bulkhead::world
