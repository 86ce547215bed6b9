// SPDX-License-Identifier: Apache-2.0
#include "image/account.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace bulkhead::image {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

TEST(Accounts, keep_the_kind_of_a_password_and_not_its_hash) {
    const auto accounts = parse_accounts("root:x:0:0:root:/root:/bin/sh\nopen::1:1::/:\nold:$6$abc:2:2::/:\noff:*:3:3::/:\n", {});
    ASSERT_TRUE(accounts);
    ASSERT_THAT(*accounts, SizeIs(4));
    EXPECT_EQ((*accounts)[0].password, "shadow");
    EXPECT_EQ((*accounts)[1].password, "empty");
    EXPECT_EQ((*accounts)[2].password, "set");
    EXPECT_EQ((*accounts)[3].password, "locked");
    EXPECT_EQ((*accounts)[3].line, 4);
}

TEST(Accounts, in_shadow_and_group) {
    EXPECT_THAT(*parse_shadow("root:*:1::::::\na::1::::::\nb:$y$x:1::::::\nc:!$y$x:1::::::\nbroken\n", {}),
                ElementsAre(ShadowEntry{"root", "locked"}, ShadowEntry{"a", "empty"}, ShadowEntry{"b", "set"}, ShadowEntry{"c", "locked"}));
    EXPECT_THAT(*parse_groups("root:x:0:\nsudo:x:27:a,b\nbad:x:y:\n", {}), ElementsAre(Group{"root", 0, {}}, Group{"sudo", 27, {"a", "b"}}));
}

TEST(Accounts, are_bounded) {
    std::string many;
    for (int i = 0; i < 10; ++i) many += "u" + std::to_string(i) + ":x:1:1::/:\n";
    const Limits limits{.accounts_max = 5};
    EXPECT_EQ(parse_accounts(many, limits).error().code, Code::limit_exceeded);
    EXPECT_EQ(parse_groups(many, limits).error().code, Code::limit_exceeded);
    EXPECT_EQ(parse_shadow(many, limits).error().code, Code::limit_exceeded);
}

}  // namespace
}  // namespace bulkhead::image
