// SPDX-License-Identifier: Apache-2.0
#include "host/id_map.h"

#include <gtest/gtest.h>

namespace bulkhead::host {
namespace {

TEST(IdMap, the_initial_namespace_is_identity) {
    const auto map = IdMap::parse("         0          0 4294967295\n");
    ASSERT_TRUE(map);
    EXPECT_TRUE(map->is_identity());
    EXPECT_EQ(map->inside(1000), 1000);
}

TEST(IdMap, a_remapped_id_is_root_inside_and_an_unmapped_one_has_no_name) {
    const auto map = IdMap::parse("0 100000 65536\n70000 5 1\n");
    ASSERT_TRUE(map);
    EXPECT_FALSE(map->is_identity());
    EXPECT_EQ(map->inside(100000), 0);
    EXPECT_EQ(map->inside(165535), 65535);
    EXPECT_EQ(map->inside(5), 70000);
    EXPECT_FALSE(map->inside(165536));
    EXPECT_FALSE(map->inside(0));
}

TEST(IdMap, an_empty_map_maps_nothing) {
    const auto map = IdMap::parse("");
    ASSERT_TRUE(map);
    EXPECT_FALSE(map->is_identity());
    EXPECT_FALSE(map->inside(0));
}

TEST(IdMap, garbage_is_corrupt) {
    for (const std::string_view wrong : {"0 0\n", "a b c\n", "-1 0 5\n", "0 0 99999999999\n", "0 0 -5\n", "1 2 3 4\n"})
        EXPECT_FALSE(IdMap::parse(wrong)) << wrong;
}

}  // namespace
}  // namespace bulkhead::host
