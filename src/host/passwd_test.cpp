// SPDX-License-Identifier: Apache-2.0
#include "host/passwd.h"

#include <gtest/gtest.h>

namespace bulkhead::host {
namespace {

TEST(Passwd, reads_the_fields_and_numbers_the_lines) {
    const auto accounts = parse_passwd("root:x:0:0:root:/root:/bin/sh\n\napp:x:1000:1001::/home/app:/sbin/nologin\n");
    ASSERT_TRUE(accounts);
    ASSERT_EQ(accounts->size(), 2U);
    EXPECT_EQ((*accounts)[1].line, 3);
    EXPECT_EQ((*accounts)[1].name, "app");
    EXPECT_EQ((*accounts)[1].uid, 1000);
    EXPECT_EQ((*accounts)[1].gid, 1001);
    EXPECT_EQ((*accounts)[1].home, "/home/app");
    EXPECT_EQ((*accounts)[1].shell, "/sbin/nologin");
}

TEST(Passwd, an_id_that_is_no_number_is_root_as_for_the_runtime) {
    const auto accounts = parse_passwd("app:x:lots:1::/:/bin/sh\nshort\nfull:x:99999999999999999999:0::/:\n");
    ASSERT_TRUE(accounts);
    ASSERT_EQ(accounts->size(), 3U);
    for (const Account& account : *accounts) EXPECT_EQ(account.uid, 0) << account.name;
}

TEST(Passwd, lines_without_a_name_are_no_accounts) { EXPECT_TRUE(parse_passwd(":x:0:0::/:\n\n \n:\n")->empty()); }

TEST(Passwd, an_endless_file_is_refused) {
    std::string bytes;
    for (std::size_t i = 0; i <= accounts_max; ++i) bytes += "a:x:1:1::/:\n";
    const auto accounts = parse_passwd(bytes);
    ASSERT_FALSE(accounts);
    EXPECT_EQ(accounts.error().code, Code::limit_exceeded);
}

}  // namespace
}  // namespace bulkhead::host
