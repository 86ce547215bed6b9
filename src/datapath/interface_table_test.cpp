// SPDX-License-Identifier: Apache-2.0
#include "datapath/interface_table.h"

#include <gtest/gtest.h>

namespace bulkhead::datapath {

TEST(InterfaceTable, numbers_end_and_the_longest_unused_comes_first) {
    InterfaceTable table(4);
    Metered* a = table.add();
    Metered* b = table.add();
    Metered* c = table.add();
    ASSERT_TRUE(a && b && c);
    EXPECT_EQ(a->interface.id, 1);
    EXPECT_EQ(table.add(), nullptr);
    table.release(2);
    table.release(1);
    EXPECT_EQ(table.find(2), nullptr);
    EXPECT_EQ(table.add()->interface.id, 2);
    EXPECT_EQ(table.all().size(), 2U);
}

TEST(InterfaceTable, one_that_is_gone_is_found_by_number_and_not_by_place) {
    InterfaceTable table(4);
    Metered* a = table.add();
    a->interface.index = 7;
    a->netns = {1, 2};
    EXPECT_EQ(table.find({1, 2}, 7), a);
    EXPECT_EQ(table.find({1, 3}, 7), nullptr);
    table.mark_gone(*a, 5);
    table.mark_gone(*a, 6);
    EXPECT_TRUE(a->interface.gone);
    EXPECT_EQ(table.find({1, 2}, 7), nullptr);
    EXPECT_EQ(table.find(1), a);
    EXPECT_EQ(table.gone(), 1U);
    EXPECT_EQ(table.find(99), nullptr);
    table.release(1);
    EXPECT_EQ(table.gone(), 0U);
}

}  // namespace bulkhead::datapath
