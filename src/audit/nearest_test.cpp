// SPDX-License-Identifier: Apache-2.0
#include "audit/nearest.h"

#include <gtest/gtest.h>

namespace bulkhead::audit {
namespace {

TEST(Nearest, names_the_nearest_or_where_to_look) {
    const std::vector<std::string> known = {"allowed_ports", "allowed_parts", "ca_age_max"};
    EXPECT_EQ(nearest_of("alowed_ports", known, "bulkhead list"), "did you mean allowed_ports?");
    EXPECT_EQ(nearest_of("something_else", known, "bulkhead list"), "`bulkhead list` shows what there is");
    EXPECT_EQ(nearest_of(std::string(100'000, 'a'), known, "bulkhead list"), "`bulkhead list` shows what there is");
}

}  // namespace
}  // namespace bulkhead::audit
