// SPDX-License-Identifier: Apache-2.0
#include "datapath/wall_clock.h"

#include <gtest/gtest.h>

namespace bulkhead::datapath {

constexpr std::int64_t s = 1'000'000'000;

TEST(WallClock, a_clock_set_back_neither_turns_a_flow_around_nor_moves_its_beginning) {
    WallClock clock;
    clock.measure({100 * s, 5000 * s});
    const std::int64_t first = clock.of(110 * s, 110 * s);
    EXPECT_EQ(first, 5010 * s);
    clock.measure({120 * s, 2000 * s});  // an hour or so back
    EXPECT_EQ(clock.steps(), 1U);
    EXPECT_EQ(clock.of(110 * s, 110 * s), first);
    EXPECT_EQ(clock.of(110 * s, 130 * s) - first, 20 * s);
    EXPECT_EQ(clock.of(125 * s, 125 * s), 2005 * s);
}

TEST(WallClock, what_ntp_does_is_followed_and_is_no_step) {
    WallClock clock;
    clock.measure({0, 1000 * s});
    clock.measure({10 * s, 1010 * s + 400'000});
    EXPECT_EQ(clock.of(11 * s, 11 * s), 1011 * s);
    clock.measure({20 * s, 1020 * s + 5'000'000});
    EXPECT_EQ(clock.of(21 * s, 21 * s), 1021 * s + 5'000'000);
    EXPECT_EQ(clock.steps(), 0U);
}

TEST(WallClock, many_steps_are_bounded_and_what_is_older_has_the_oldest_offset_known) {
    WallClock clock;
    for (std::int64_t i = 0; i < 1000; ++i) clock.measure({i * s, i * 100 * s});
    EXPECT_EQ(clock.steps(), 999U);
    EXPECT_EQ(clock.of(999 * s, 999 * s), 99'900 * s);
    EXPECT_EQ(clock.of(1 * s, 1 * s), 1 * s + (1000 - 64) * 99 * s);
}

}  // namespace bulkhead::datapath
