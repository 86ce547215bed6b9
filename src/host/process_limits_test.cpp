// SPDX-License-Identifier: Apache-2.0
#include "host/process_limits.h"

#include <gtest/gtest.h>

namespace bulkhead::host {
namespace {

TEST(ProcessLimits, each_has_dockers_name_and_both_values) {
    const auto limits = parse_process_limits(
        "Limit                     Soft Limit           Hard Limit           Units     \n"
        "Max cpu time              unlimited            unlimited            seconds   \n"
        "Max open files            1024                 1048576              files     \n"
        "Max nice priority         0                    0                    \n");
    ASSERT_TRUE(limits) << limits.error().message;
    ASSERT_EQ(limits->size(), 3U);
    EXPECT_EQ((*limits)[0].name, "cpu");
    EXPECT_FALSE((*limits)[0].hard.has_value());
    EXPECT_EQ((*limits)[1].name, "nofile");
    EXPECT_EQ((*limits)[1].soft, 1024);
    EXPECT_EQ((*limits)[1].hard, 1048576);
    EXPECT_EQ((*limits)[2].name, "nice");
    EXPECT_EQ((*limits)[2].hard, 0);
}

TEST(ProcessLimits, what_is_none_is_refused) {
    EXPECT_FALSE(parse_process_limits(""));
    EXPECT_FALSE(parse_process_limits("Max open files            many                 1048576              files     \n"));
    EXPECT_FALSE(parse_process_limits("Max open files            1024\n"));
    EXPECT_FALSE(parse_process_limits(std::string(1000, '\n')));
}

}  // namespace
}  // namespace bulkhead::host
