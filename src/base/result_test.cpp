// SPDX-License-Identifier: Apache-2.0
#include "base/result.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "base/check.h"

namespace bulkhead {
namespace {

TEST(Result, every_code_has_a_name_of_its_own) {
    std::set<std::string_view> names;
    for (int code = 0; code <= static_cast<int>(Code::internal); ++code) names.insert(name(static_cast<Code>(code)));
    EXPECT_EQ(names.size(), static_cast<std::size_t>(Code::internal) + 1);
}

TEST(Result, context_goes_in_front_and_keeps_the_code) {
    const Error error = Error{Code::permission_denied, "permission denied"}.in("reading /proc/1/status");
    EXPECT_EQ(error.code, Code::permission_denied);
    EXPECT_EQ(error.message, "reading /proc/1/status: permission denied");
}

TEST(CheckDeathTest, a_broken_invariant_ends_the_program_and_says_where) {
    testing::FLAGS_gtest_death_test_style = "threadsafe";
    EXPECT_DEATH(CHECK(1 + 1 == 3), "internal error: 1 \\+ 1 == 3 .*result_test.cpp");
}

}  // namespace
}  // namespace bulkhead
