// SPDX-License-Identifier: Apache-2.0
#include "host/namespaces.h"

#include <gtest/gtest.h>

namespace bulkhead::host {
namespace {

TEST(Namespaces, reads_inodes_and_leaves_out_those_of_children) {
    const auto found = parse_namespaces(R"({"net":"net:[4026531840]","pid":"pid:[4026531836]","pid_for_children":"pid:[5]"})");
    ASSERT_TRUE(found) << found.error().message;
    EXPECT_EQ(*found, (Namespaces{{"net", 4026531840}, {"pid", 4026531836}}));
}

TEST(Namespaces, garbage_is_corrupt_and_never_an_empty_answer) {
    for (const char* wrong : {"", "{}", "[]", R"({"net":"net:[x]"})", R"({"net":5})", R"({"net":"net:[-1]"})", R"({"net":"4026531840]"})"}) {
        EXPECT_FALSE(parse_namespaces(wrong)) << wrong;
    }
}

}  // namespace
}  // namespace bulkhead::host
