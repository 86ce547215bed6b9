// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <string>

namespace bulkhead::text {
namespace {

using namespace std::string_view_literals;
using testing::ElementsAre;
using testing::IsEmpty;

TEST(Text, split_keeps_empty_parts) {
    EXPECT_THAT(split("a,,b", ','), ElementsAre("a", "", "b"));
    EXPECT_THAT(split("", ','), ElementsAre(""));
    EXPECT_THAT(split(",", ','), ElementsAre("", ""));
}

TEST(Text, words_have_no_empty_parts) {
    EXPECT_THAT(words(" \t a  b\tc "), ElementsAre("a", "b", "c"));
    EXPECT_THAT(words(" \t "), IsEmpty());
}

TEST(Text, lines_end_without_an_empty_one) {
    EXPECT_THAT(lines("a\n\nb\n"), ElementsAre("a", "", "b"));
    EXPECT_THAT(lines("a"), ElementsAre("a"));
    EXPECT_THAT(lines(""), IsEmpty());
    EXPECT_THAT(lines("\n"), ElementsAre(""));
}

TEST(Text, trim_and_lower_touch_only_ascii) {
    EXPECT_EQ(trim("\r\n \ta b \n"), "a b");
    EXPECT_EQ(trim(" \n"), "");
    EXPECT_EQ(lower("ÄBC[Z"), "Äbc[z");
}

TEST(Text, an_integer_is_the_whole_text_or_nothing) {
    EXPECT_EQ(to_integer("9223372036854775807"), std::numeric_limits<std::int64_t>::max());
    EXPECT_EQ(to_integer("-9223372036854775808"), std::numeric_limits<std::int64_t>::min());
    EXPECT_EQ(to_integer("ff", 16), 255);
    EXPECT_EQ(to_integer("0755", 8), 493);
    for (const std::string_view text :
         {""sv, " 1"sv, "1 "sv, "+1"sv, "1.0"sv, "0x1"sv, "1e3"sv, "9223372036854775808"sv, "-9223372036854775809"sv, "1\0"sv, "--1"sv}) {
        EXPECT_EQ(to_integer(text), std::nullopt) << text;
    }
}

TEST(Text, utf8_by_rfc_3629_and_nothing_looser) {
    for (const std::string_view good : {""sv, "plain"sv, "\xC3\xA9"sv, "\xE2\x82\xAC"sv, "\xF0\x9F\x90\xB3"sv, "\xEF\xBF\xBF"sv, "\xF4\x8F\xBF\xBF"sv, "\0"sv})
        EXPECT_TRUE(is_utf8(good));
    for (const std::string_view bad :
         {"\x80"sv, "\xC0\x80"sv, "\xC1\xBF"sv, "\xE0\x80\x80"sv, "\xE0\x9F\xBF"sv, "\xF0\x80\x80\x80"sv, "\xF0\x8F\xBF\xBF"sv, "\xED\xA0\x80"sv,
          "\xED\xBF\xBF"sv, "\xF4\x90\x80\x80"sv, "\xF5\x80\x80\x80"sv, "\xFF"sv, "\xC3"sv, "\xE2\x82"sv, "\xF0\x9F\x90"sv, "\xC3("sv, "a\xE2\x28\xA1"sv}) {
        EXPECT_FALSE(is_utf8(bad)) << printable(bad);
    }
}

TEST(Text, printable_leaves_no_byte_that_moves_a_terminal) {
    EXPECT_EQ(printable("a\x1b[31mb"), "a\\x1b[31mb");
    EXPECT_EQ(printable("a\r\nb\t\x7f"), "a\\x0d\\x0ab\\x09\\x7f");
    EXPECT_EQ(printable("\xC2\x9B"
                        "31m"),
              "\\xc2\\x9b31m")
        << "C1 control: CSI in one character";
    EXPECT_EQ(printable("\0"sv), "\\x00");
    EXPECT_EQ(printable("\xFF\xC3"), "\\xff\\xc3");
}

TEST(Text, printable_shows_bidirectional_overrides) {
    EXPECT_EQ(printable("a\xE2\x80\xAE"
                        "b"),
              "a\\xe2\\x80\\xaeb");                           // U+202E
    EXPECT_EQ(printable("\xE2\x81\xA6"), "\\xe2\\x81\\xa6");  // U+2066
    EXPECT_EQ(printable("\xE2\x81\xA9"), "\\xe2\\x81\\xa9");  // U+2069
}

TEST(Text, printable_leaves_other_languages_alone) { EXPECT_EQ(printable("Größe 日本 שלום 🐳"), "Größe 日本 שלום 🐳"); }

TEST(Text, width_counts_columns_of_a_terminal) {
    EXPECT_EQ(display_width("abc"), 3U);
    EXPECT_EQ(display_width("é"), 1U);
    EXPECT_EQ(display_width("e\xCC\x81"), 1U) << "a combining accent takes no column";
    EXPECT_EQ(display_width("日本"), 4U);
    EXPECT_EQ(display_width("🐳"), 2U);
    EXPECT_EQ(display_width("a\xE2\x80\x8B"
                            "b"),
              2U)
        << "zero width space";
    EXPECT_EQ(display_width("\xFF\xFE"), 2U) << "broken bytes count one each";
}

TEST(Text, every_pair_of_bytes_is_taken_without_reading_past_the_end) {
    for (int first = 0; first < 256; ++first) {
        for (int second = 0; second < 256; ++second) {
            const std::string text = {static_cast<char>(first), static_cast<char>(second)};
            EXPECT_TRUE(is_utf8(printable(text)));
            EXPECT_LE(display_width(text), 4U);
        }
    }
}

TEST(Text, join_puts_the_separator_between) {
    EXPECT_EQ(join({"a", "", "b"}, ", "), "a, , b");
    EXPECT_EQ(join({}, ", "), "");
}

}  // namespace
}  // namespace bulkhead::text
