// SPDX-License-Identifier: Apache-2.0
#include "audit/day.h"

#include <gtest/gtest.h>

namespace bulkhead::audit {
namespace {

TEST(Day, is_one_that_exists_and_is_written_in_full) {
    EXPECT_EQ(parse_day("1970-01-02"), day_ms);
    EXPECT_TRUE(parse_day("2028-02-29"));
    for (const char* wrong : {"2026-02-30", "2027-02-29", "2026-13-01", "26-01-01", "2026-1-01", "2026/01/01", "2026-01-01T00", ""}) {
        EXPECT_FALSE(parse_day(wrong)) << wrong;
    }
}

}  // namespace
}  // namespace bulkhead::audit
