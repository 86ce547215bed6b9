// SPDX-License-Identifier: Apache-2.0
// Every format byte for byte, against files in tests/fixtures/report; BULKHEAD_WRITE_GOLDEN=1 writes them anew, for reading in git diff.
#include "report/format.h"

#include <gmock/gmock.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "base/json.h"
#include "base/text.h"
#include "report/layout.h"
#include "report/testing/sample_audit.h"

namespace bulkhead::report {

namespace {

std::string render(std::string_view format, const audit::Audit& audit, RenderOptions options = {}) {
    for (const Format& candidate : catalog()) {
        if (candidate.name != format) continue;
        std::ostringstream out;
        candidate.write(audit, options, out);
        return out.str();
    }
    ADD_FAILURE() << "no format " << format;
    return {};
}

void expect_golden(const std::string& file, const std::string& actual) {
    const std::string path = std::string(BULKHEAD_SOURCE_DIR) + "/tests/fixtures/report/" + file;
    if (std::getenv("BULKHEAD_WRITE_GOLDEN") != nullptr) std::ofstream(path, std::ios::binary) << actual;
    std::ifstream in(path, std::ios::binary);
    ASSERT_TRUE(in) << path;
    const std::string expected((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    EXPECT_EQ(actual, expected) << file;
}

TEST(Formats, catalog_has_text_brief_json_csv) {
    std::vector<std::string> names;
    for (const Format& format : catalog()) names.push_back(format.name);
    EXPECT_THAT(names, testing::IsSupersetOf({"brief", "csv", "json", "text"}));
}

TEST(Formats, text_at_80_columns_is_as_designed) { expect_golden("text_80.txt", render("text", sample_audit(), {.width = 80})); }
TEST(Formats, text_at_200_columns_puts_evidence_beside_reason) { expect_golden("text_200.txt", render("text", sample_audit(), {.width = 200})); }
TEST(Formats, text_in_ascii_with_each_pass_is_as_designed) {
    expect_golden("text_ascii.txt", render("text", sample_audit(), {.width = 100, .glyphs = Glyphs::ascii, .passes = Passes::each}));
}
TEST(Formats, text_in_colour_is_as_designed) { expect_golden("text_color.txt", render("text", sample_audit(), {.width = 80, .color = Color::on})); }
TEST(Formats, brief_is_as_designed) { expect_golden("brief.txt", render("brief", sample_audit())); }
TEST(Formats, json_is_as_designed) { expect_golden("audit.json", render("json", sample_audit())); }
TEST(Formats, csv_is_as_designed) { expect_golden("audit.csv", render("csv", sample_audit())); }

TEST(Formats, text_keeps_within_the_width) {
    for (const std::size_t width : {60U, 80U, 139U, 140U, 200U, 300U}) {
        const std::string shown = render("text", sample_audit(), {.width = width});
        for (const std::string_view line : text::lines(shown)) {
            EXPECT_LE(text::display_width(line), width) << line;
            EXPECT_FALSE(line.ends_with(' ')) << '"' << line << '"';
        }
    }
}

TEST(Formats, nothing_a_container_says_reaches_the_terminal_raw) {
    for (const char* format : {"text", "brief", "csv"}) {
        const std::string shown = render(format, sample_audit(), {.width = 200, .passes = Passes::each});
        EXPECT_EQ(shown.find('\x1b'), std::string::npos) << format;
        EXPECT_TRUE(text::is_utf8(shown)) << format;
    }
}

TEST(Formats, json_of_hostile_bytes_is_valid_and_complete) {
    const std::string shown = render("json", sample_audit());
    const auto document = json::Document::parse(shown);
    ASSERT_TRUE(document) << document.error().message;
    const json::Value root = document->root();
    EXPECT_EQ(root["schema"].text_or(), "bulkhead.audit/1");
    EXPECT_EQ(root["summary"]["alarm"].integer_or(-1), 2);
    ASSERT_EQ(root["results"].items().size(), 8U);
    const json::Value web = root["results"].items()[3];
    EXPECT_EQ(web["severity"].text_or(), "high");
    EXPECT_EQ(web["levels"].dump(), "[1,2,3]");
    EXPECT_EQ(web["dimensions"]["pid_2"].text_or(), "813") << "a column named twice is not lost";
    EXPECT_EQ(root["blind_spots"].items().size(), 2U);
    EXPECT_EQ(root["vanished"].integer_or(-1), 1);
}

TEST(Formats, csv_cells_that_start_a_formula_are_made_text) {
    const std::string shown = render("csv", sample_audit());
    EXPECT_THAT(shown, testing::HasSubstr(R"("'=cmd|' /C calc'!A0,""x""")"));
    EXPECT_THAT(shown, testing::HasSubstr(",'-1+1"));
}

TEST(Formats, text_shows_ids_short_and_json_whole) {
    audit::Audit audit = sample_audit();
    const std::string id = "5584de70b437b2433ebac49881c5894dec5323083d7c0f1b74ad61c33fb7133d";
    audit.results[3].evidence = {{"engine", "engine:/containers/" + id + "/json", "", 0}};
    EXPECT_THAT(render("text", audit), testing::HasSubstr("engine:/containers/5584de70b437/json\n"));
    EXPECT_THAT(render("json", audit), testing::HasSubstr("engine:/containers/" + id + "/json"));
}

TEST(Formats, an_audit_of_nothing_is_shown_as_such) {
    const audit::Audit empty;
    EXPECT_THAT(render("text", empty), testing::HasSubstr("TOTAL       0 in 0 controls"));
    EXPECT_THAT(render("brief", empty), testing::HasSubstr("0 alarm"));
    EXPECT_TRUE(json::Document::parse(render("json", empty)));
}

TEST(Formats, a_group_that_holds_itself_ends) {
    audit::Audit audit = sample_audit();
    audit.benchmarks = {{"a", "A", "", {"b"}}, {"b", "B", "", {"a", "csvs_3_1"}}, {"c", "C", "", {"c", "csvs_7_6"}}};
    const std::string shown = render("text", audit);
    EXPECT_THAT(shown, testing::HasSubstr("csvs_7_6"));
    EXPECT_THAT(shown, testing::HasSubstr("csvs_3_1"));
}

TEST(Layout, wraps_at_blanks_and_cuts_long_words_between_code_points) {
    EXPECT_THAT(wrap("a bc def", 4), testing::ElementsAre("a bc", "def"));
    EXPECT_THAT(wrap("ééééé x", 3), testing::ElementsAre("ééé", "éé", "x"));
    EXPECT_THAT(wrap("", 10), testing::ElementsAre(""));
    EXPECT_THAT(wrap("日本語", 1), testing::SizeIs(9)) << "ends even where no character fits";
}

TEST(Layout, cut_leaves_room_for_the_ellipsis) {
    EXPECT_EQ(cut("abcdef", 4, "…"), "abc…");
    EXPECT_EQ(cut("abcd", 4, "…"), "abcd");
    EXPECT_EQ(cut("日本語", 4, "…"), "日…");
    EXPECT_EQ(cut("abcdef", 2, "..."), "..");
}

}  // namespace

}  // namespace bulkhead::report
