// SPDX-License-Identifier: Apache-2.0
#include "base/clock.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <string_view>

namespace bulkhead {
namespace {

constexpr UnixMs second = 1'000;
constexpr UnixMs hour = 3'600 * second;

TEST(Clock, the_engines_forms_are_read) {
    EXPECT_EQ(parse_rfc3339("1970-01-01T00:00:00Z"), 0);
    EXPECT_EQ(parse_rfc3339("2026-01-10T12:00:00Z"), 1'768'046'400'000);
    EXPECT_EQ(parse_rfc3339("2026-01-10T12:00:00.123456789Z"), 1'768'046'400'123);
    EXPECT_EQ(parse_rfc3339("2026-01-10T12:00:00.5Z"), 1'768'046'400'500);
    EXPECT_EQ(parse_rfc3339("2024-02-29T00:00:00Z"), 1'709'164'800'000);
}

TEST(Clock, an_offset_is_taken_off) {
    const UnixMs noon = *parse_rfc3339("2026-01-10T12:00:00Z");
    EXPECT_EQ(parse_rfc3339("2026-01-10T12:00:00+02:00"), noon - (2 * hour));
    EXPECT_EQ(parse_rfc3339("2026-01-10T12:00:00.25-05:30"), noon + 250 + (5 * hour) + (hour / 2));
    EXPECT_EQ(parse_rfc3339("2026-01-10T12:00:00-00:00"), noon);
}

TEST(Clock, the_engines_zero_time_is_a_time_long_ago) {
    ASSERT_TRUE(parse_rfc3339("0001-01-01T00:00:00Z"));
    EXPECT_EQ(rfc3339(*parse_rfc3339("0001-01-01T00:00:00Z")), "0001-01-01T00:00:00.000Z");
}

TEST(Clock, what_is_not_a_time_is_nothing) {
    for (const std::string_view text : {"",
                                        "now",
                                        "2026-01-10",
                                        "2026-01-10T12:00:00",
                                        "2026-01-10 12:00",
                                        "2026-13-10T12:00:00Z",
                                        "2026-00-10T12:00:00Z",
                                        "2026-01-32T12:00:00Z",
                                        "2026-01-00T12:00:00Z",
                                        "2026-01-10T24:00:00Z",
                                        "2026-01-10T12:60:00Z",
                                        "2026-01-10T12:00:61Z",
                                        "2026-01-10T12:00:00.Z",
                                        "2026-01-10T12:00:00.1",
                                        "2026-01-10T12:00:00+0200",
                                        "2026-01-10T12:00:00+99:00",
                                        "2026-01-10T12:00:00+02x00",
                                        "2026-01-10T12:00:00Zjunk",
                                        "-026-01-10T12:00:00Z",
                                        "2026--1-10T12:00:00Z",
                                        "2026-01-10x12:00:00Z",
                                        "20260110T120000.000Z"}) {
        EXPECT_EQ(parse_rfc3339(text), std::nullopt) << text;
    }
}

TEST(Clock, text_and_time_round_trip) {
    for (const UnixMs time : {UnixMs{0}, UnixMs{1}, UnixMs{-1}, UnixMs{-1000}, UnixMs{1'768'046'400'123}, UnixMs{951'782'400'000}})
        EXPECT_EQ(parse_rfc3339(rfc3339(time)), time);
    EXPECT_EQ(rfc3339(-1), "1969-12-31T23:59:59.999Z");
}

// A time comes out of a snapshot that somebody else wrote: any number may stand there.
TEST(Clock, the_ends_of_the_number_range_are_text_too) {
    EXPECT_EQ(rfc3339(std::numeric_limits<UnixMs>::max()), "9999-12-31T23:59:59.999Z");
    EXPECT_EQ(rfc3339(std::numeric_limits<UnixMs>::min()), "0000-01-01T00:00:00.000Z");
}

}  // namespace
}  // namespace bulkhead
