// SPDX-License-Identifier: Apache-2.0
#include "cli/rows.h"

#include <gmock/gmock.h>

#include <cmath>
#include <limits>

#include "base/json.h"
#include "base/text.h"

namespace bulkhead::cli {

namespace {

sql::ResultSet sample() {
    sql::ResultSet set;
    set.columns = {"name", "n", "ratio"};
    set.rows = {{std::string("web"), std::int64_t{-3}, 0.5}, {std::string("=1+1\x1b[2J\""), tables::Cell{}, std::numeric_limits<double>::infinity()}};
    return set;
}

TEST(Rows, table_aligns_columns_and_shows_control_bytes) {
    EXPECT_EQ(format_rows(sample(), {.format = "table", .render = {.glyphs = report::Glyphs::ascii}}),
              "name          n   ratio\n"
              "------------  --  -----\n"
              "web           -3  0.5\n"
              "=1+1\\x1b[2J\"      inf\n");
}

TEST(Rows, json_is_valid_and_keeps_types) {
    const std::string text = format_rows(sample(), {.format = "json"});
    const auto document = json::Document::parse(text);
    ASSERT_TRUE(document) << text;
    const auto rows = document->root().items();
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows[0]["n"].integer_or(0), -3);
    EXPECT_TRUE(rows[1]["n"].is_null());
    EXPECT_TRUE(rows[1]["ratio"].is_null()) << "JSON has no infinity";
    EXPECT_EQ(rows[1]["name"].text_or(), "=1+1\x1b[2J\"");
    EXPECT_EQ(format_rows({}, {.format = "json"}), "[\n]\n");
}

TEST(Rows, jsonl_has_a_line_a_row) { EXPECT_THAT(text::lines(format_rows(sample(), {.format = "jsonl"})), testing::SizeIs(2)); }

TEST(Rows, csv_guards_texts_and_leaves_numbers) {
    EXPECT_EQ(format_rows(sample(), {.format = "csv"}), "name,n,ratio\r\nweb,-3,0.5\r\n\"'=1+1\\x1b[2J\"\"\",,inf\r\n");
}

TEST(Rows, line_puts_a_column_a_line) {
    EXPECT_THAT(format_rows(sample(), {.format = "line"}), testing::StartsWith(" name = web\n    n = -3\nratio = 0.5\n\n name = "));
}

TEST(Rows, a_table_too_wide_for_the_terminal_is_wrapped_without_loss) {
    sql::ResultSet set;
    set.columns = {"id", "words", "more"};
    set.rows = {{std::string("a1"), std::string(300, 'w'), std::string(50, 'm')}};
    const std::string shown = format_rows(set, {.format = "table", .render = {.width = 80}, .fit = RowOptions::Fit::terminal});
    for (const std::string_view line : text::lines(shown)) EXPECT_LE(text::display_width(line), 80U);
    EXPECT_EQ(std::ranges::count(shown, 'w'), 301) << "all of the cell, and the header's w";
    const std::string whole = format_rows(set, {.format = "table", .render = {.width = 80}});
    EXPECT_THAT(whole, testing::HasSubstr(std::string(300, 'w')));
}

}  // namespace

}  // namespace bulkhead::cli
