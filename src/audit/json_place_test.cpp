// SPDX-License-Identifier: Apache-2.0
#include "audit/json_place.h"

#include <gtest/gtest.h>

namespace bulkhead::audit {
namespace {

TEST(JsonPlace, finds_where_a_text_stops_being_json) {
    const std::string_view bytes = "{\"a\": 1,\n \"b\": nope}";
    EXPECT_EQ(place_in("f", bytes, json_error_offset(bytes)), "f:2:7");
    EXPECT_EQ(json_error_offset("{\"a\": "), 6U) << "the end";
    EXPECT_EQ(json_error_offset(""), 0U);
}

TEST(JsonPlace, finds_a_value_by_its_path) {
    const std::string_view bytes = "{\"x\": [1, \"],{\\\"\", {\"y\": {}}],\n \"results\": [{\"a\": 1},\n  {\"b\": [2],\n   \"status\": 7}]}";
    EXPECT_EQ(place_in("f", bytes, json_offset(bytes, {"results", 1U, "status"})), "f:4:14");
    EXPECT_EQ(place_in("f", bytes, json_offset(bytes, {"results", 1U, "none"})), "f:3:3") << "the last that is there";
    EXPECT_EQ(place_in("f", bytes, json_offset(bytes, {"x", 2U, "y"})), "f:1:26");
    EXPECT_EQ(json_offset(bytes, {"x", 9U}), 6U);
    EXPECT_EQ(json_offset("  [1]", {"a"}), 2U) << "no object";
    EXPECT_EQ(json_offset("", {"a"}), 0U);
}

}  // namespace
}  // namespace bulkhead::audit
