// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <set>

#include "datapath/datapath.h"

namespace bulkhead::datapath {

TEST(Named, every_counter_has_a_name_of_its_own_and_its_value) {
    DatapathCounts counts;
    // It is made of 64-bit counters only: each gets a value of its own, and each of these must be told under some name.
    std::uint64_t values[sizeof counts / sizeof(std::uint64_t)];
    for (std::uint64_t i = 0; i < std::size(values); ++i) values[i] = i + 1;
    static_assert(std::is_trivially_copyable_v<DatapathCounts>);
    std::memcpy(static_cast<void*>(&counts), values, sizeof counts);
    std::set<std::string_view> names;
    std::set<std::uint64_t> told;
    for (const auto& [name, value] : named(counts)) {
        names.insert(name);
        told.insert(value);
    }
    EXPECT_EQ(names.size(), std::size(values));
    EXPECT_EQ(told.size(), std::size(values));
}

}  // namespace bulkhead::datapath
