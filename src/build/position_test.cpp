// SPDX-License-Identifier: Apache-2.0
#include "build/position.h"

#include <gtest/gtest.h>

namespace bulkhead::build {
namespace {

TEST(position, joined_text_knows_where_each_byte_stood) {
    PlacedText text("one ", {1, 5});
    text.add("two", {3, 2});
    EXPECT_EQ(text.text(), "one two");
    EXPECT_EQ(text.at(2), (Position{1, 7}));
    EXPECT_EQ(text.at(4), (Position{3, 2}));
    EXPECT_EQ(text.at(99), (Position{3, 5}));
}

TEST(position, a_part_keeps_its_places) {
    PlacedText text("one ", {1, 5});
    text.add("two", {3, 2});
    const PlacedText part = text.part(2, 4);
    EXPECT_EQ(part.text(), "e tw");
    EXPECT_EQ(part.at(0), (Position{1, 7}));
    EXPECT_EQ(part.at(2), (Position{3, 2}));
    EXPECT_EQ(text.part(7).text(), "");
    EXPECT_EQ(text.part(7).at(0), (Position{3, 5}));
}

TEST(position, errors_name_the_place) { EXPECT_EQ(fail_at("f", {2, 3}, "x").error().message, "f:2:3: x"); }

}  // namespace
}  // namespace bulkhead::build
