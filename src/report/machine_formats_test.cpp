// SPDX-License-Identifier: Apache-2.0
// The formats for other tools: what they must say of an audit with everything in it, byte for byte and field by field. That they are valid by
// their schemas is shown over the same golden files by tests/e2e/reports.bats.
#include <gmock/gmock.h>

#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>
#include <utility>

#include "base/json.h"
#include "report/format.h"
#include "report/html_assets.h"
#include "report/html_results.h"
#include "report/testing/sample_audit.h"

namespace bulkhead::report {

namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

std::string render(std::string_view format, const audit::Audit& audit) {
    for (const Format& candidate : catalog()) {
        if (candidate.name != format) continue;
        std::ostringstream out;
        candidate.write(audit, {}, out);
        return out.str();
    }
    ADD_FAILURE() << "no format " << format;
    return {};
}

// The sample, and a finding in a build file.
audit::Audit hostile_audit() {
    audit::Audit audit = sample_audit();
    audit.controls[0].description = "Looks at `ps`.\n\nAnd <b>more</b>.";
    audit.controls[0].remediation = "Set `USER`.";
    audit.controls[0].references = {"https://example.org/a?b=1&c=2", "javascript:alert(1)"};
    audit.results.insert(audit.results.begin() + 4, {"csvs_3_1",
                                                     "file",
                                                     "stage <script>alert(1)</script> of Dockerfile",
                                                     audit::Status::alarm,
                                                     "No USER",
                                                     "declared",
                                                     {{"file", "dockerfile:./app/Dockerfile:3:1", "FROM a", 0}},
                                                     {{"file", "./app/Dockerfile"}, {"line", "3"}, {"column", "7"}}});
    return audit;
}

json::Document parsed(const std::string& text) {
    auto document = json::Document::parse(text);
    EXPECT_TRUE(document) << (document ? "" : document.error().message);
    return document ? std::move(*document) : *json::Document::parse("{}");
}

void expect_golden(const std::string& format, const std::string& file) {
    const std::string path = std::string(BULKHEAD_SOURCE_DIR) + "/tests/fixtures/report/" + file;
    const std::string actual = render(format, hostile_audit());
    if (std::getenv("BULKHEAD_WRITE_GOLDEN") != nullptr) std::ofstream(path, std::ios::binary) << actual;
    std::ifstream in(path, std::ios::binary);
    ASSERT_TRUE(in) << path;
    EXPECT_EQ(actual, std::string((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>())) << file;
}

TEST(MachineFormats, are_as_designed) {
    expect_golden("sarif", "audit.sarif");
    expect_golden("gitlab", "audit.gitlab.json");
    expect_golden("junit", "audit.junit.xml");
    expect_golden("nunit3", "audit.nunit3.xml");
    expect_golden("oscal", "audit.oscal.json");
    expect_golden("pps", "audit.pps");
    expect_golden("md", "audit.md");
    expect_golden("html", "audit.html");
}

TEST(MachineFormats, each_has_an_ending_of_its_own) {
    std::set<std::string> endings;
    for (const Format& format : catalog()) {
        for (const std::string& suffix : format.suffixes) EXPECT_TRUE(endings.insert(suffix).second) << suffix;
    }
    EXPECT_TRUE(endings.contains(".html"));
    EXPECT_TRUE(endings.contains(".junit.xml"));
}

TEST(Sarif, says_what_is_new_only_where_there_is_a_baseline) {
    audit::Audit audit = sample_audit();
    EXPECT_THAT(render("sarif", audit), Not(HasSubstr("baselineState")));
    audit::Novelty next = audit::Novelty::is_new;
    for (audit::Result& result : audit.results) {
        if (result.status == audit::Status::alarm) result.novelty = std::exchange(next, audit::Novelty::known);
    }
    const std::string text = render("sarif", audit);
    EXPECT_THAT(text, HasSubstr("\"baselineState\": \"new\""));
    EXPECT_THAT(text, HasSubstr("\"baselineState\": \"unchanged\""));
}

TEST(Sarif, has_alarms_and_unknowns_with_places_and_no_passes) {
    const json::Document document = parsed(render("sarif", hostile_audit()));
    const json::Value run = document.root()["runs"].items()[0];
    ASSERT_EQ(run["results"].items().size(), 4U) << "2 + 1 alarms, 1 unknown";
    EXPECT_EQ(run["tool"]["driver"]["rules"].items().size(), 4U);
    const json::Value unknown = run["results"].items()[0];
    EXPECT_EQ(unknown["kind"].text_or(), "open");
    EXPECT_EQ(unknown["level"].text_or(), "none") << "SARIF 3.27.10";
    const json::Value declared = run["results"].items()[2];
    const json::Value place = declared["locations"].items()[0]["physicalLocation"];
    EXPECT_EQ(place["artifactLocation"]["uri"].text_or(), "app/Dockerfile");
    EXPECT_EQ(place["region"]["startLine"].integer_or(0), 3);
    EXPECT_EQ(place["region"]["startColumn"].integer_or(0), 7);
    EXPECT_EQ(declared["level"].text_or(), "error");
    EXPECT_EQ(declared["ruleId"].text_or(), run["tool"]["driver"]["rules"].items()[0]["id"].text_or());
    const json::Value invocation = run["invocations"].items()[0];
    EXPECT_FALSE(invocation["executionSuccessful"].boolean_or(true)) << "a control that broke is no success";
    EXPECT_EQ(invocation["toolExecutionNotifications"].items().size(), 3U) << "one error, two blind spots";
}

TEST(Sarif, cuts_at_what_code_scanning_takes_and_says_so) {
    audit::Audit audit = sample_audit();
    const audit::Result unknown = audit.results[2];
    const audit::Result alarm = audit.results[3];
    audit.results.assign(25'010, unknown);
    audit.results.push_back(alarm);
    const std::string text = render("sarif", audit);
    const json::Document document = parsed(text);
    EXPECT_EQ(document.root()["runs"].items()[0]["results"].items().size(), 25'000U);
    EXPECT_EQ(document.root()["runs"].items()[0]["results"].items()[0]["kind"].text_or(), "fail") << "an alarm is never what is cut";
    EXPECT_THAT(text, HasSubstr("11 more results are left out"));
}

TEST(Gitlab, has_severity_place_and_a_fingerprint_each) {
    const json::Document document = parsed(render("gitlab", hostile_audit()));
    std::set<std::string> fingerprints;
    std::vector<std::string> severities;
    for (const json::Value& issue : document.root().items()) {
        EXPECT_TRUE(fingerprints.insert(issue["fingerprint"].text_or()).second);
        EXPECT_GE(issue["location"]["lines"]["begin"].integer_or(0), 1);
        EXPECT_NE(issue["location"]["path"].text_or(), "");
        severities.push_back(issue["severity"].text_or());
    }
    EXPECT_THAT(severities, ElementsAre("info", "critical", "critical", "blocker", "major"));
    EXPECT_THAT(render("gitlab", {}), testing::StartsWith("[")) << "an audit of nothing is a list of nothing";
}

TEST(Junit, unknown_is_an_error_and_never_a_pass) {
    const std::string text = render("junit", hostile_audit());
    EXPECT_THAT(text, HasSubstr("tests=\"9\" failures=\"3\" errors=\"2\""));
    EXPECT_THAT(text, HasSubstr("<error type=\"unknown\" message=\"/proc/900/status could not be read: permission denied\">"));
    EXPECT_THAT(text, HasSubstr("app/Dockerfile:3:7"));
    EXPECT_THAT(text, HasSubstr("<skipped type=\"skip\" message=\"not running: nothing is mounted\"/>"));
    EXPECT_THAT(text, Not(HasSubstr("<script")));
    EXPECT_THAT(text, Not(HasSubstr("\x1b")));
}

TEST(Nunit3, unknown_is_inconclusive) {
    const std::string text = render("nunit3", hostile_audit());
    EXPECT_THAT(text, HasSubstr("testcasecount=\"9\" result=\"Failed\" total=\"9\" passed=\"3\" failed=\"4\" warnings=\"0\" inconclusive=\"1\" skipped=\"1\""));
    EXPECT_THAT(text, HasSubstr("result=\"Inconclusive\" duration"));
    EXPECT_THAT(text, HasSubstr("result=\"Failed\" label=\"Error\""));
    EXPECT_THAT(text, Not(HasSubstr("<script")));
}

TEST(Oscal, what_is_unclear_is_not_satisfied) {
    audit::Audit audit = hostile_audit();
    audit.results.resize(3);  // two ok, one unknown
    const json::Document document = parsed(render("oscal", audit));
    const json::Value result = document.root()["assessment-results"]["results"].items()[0];
    ASSERT_EQ(result["findings"].items().size(), 1U) << "controls without results have no finding";
    const json::Value status = result["findings"].items()[0]["target"]["status"];
    EXPECT_EQ(status["state"].text_or(), "not-satisfied");
    EXPECT_EQ(status["reason"].text_or(), "other");
    std::set<std::string> observed;
    for (const json::Value& each : result["observations"].items()) observed.insert(each["uuid"].text_or());
    EXPECT_EQ(observed.size(), 2U);
    for (const json::Value& each : result["findings"].items()[0]["related-observations"].items()) {
        EXPECT_TRUE(observed.contains(each["observation-uuid"].text_or())) << "a reference to nothing";
    }
    std::set<std::string> subjects;
    for (const json::Value& each : result["local-definitions"]["inventory-items"].items()) subjects.insert(each["uuid"].text_or());
    for (const json::Value& each : result["observations"].items()) {
        for (const json::Value& subject : each["subjects"].items()) EXPECT_TRUE(subjects.contains(subject["subject-uuid"].text_or()));
    }
}

void expect_panels(const json::Value& node, const json::Value& panels) {
    const json::Value panel = panels[node["name"].text_or()];
    EXPECT_TRUE(panel.exists()) << node["name"].text_or();
    EXPECT_EQ(panel["panel_type"].text_or(), node["panel_type"].text_or());
    EXPECT_EQ(panel["name"].text_or(), node["name"].text_or());
    for (const json::Value& child : node["children"].items()) expect_panels(child, panels);
}

TEST(Pps, each_name_of_the_layout_is_a_panel_and_statuses_are_those_powerpipe_knows) {
    const json::Document document = parsed(render("pps", hostile_audit()));
    EXPECT_EQ(document.root()["schema_version"].text_or(), "20240607");
    expect_panels(document.root()["layout"], document.root()["panels"]);
    const std::set<std::string> known = {"ok", "alarm", "info", "skip", "error"};
    for (const auto& [name, panel] : document.root()["panels"].members()) {
        for (const json::Value& row : panel["data"]["rows"].items()) EXPECT_TRUE(known.contains(row["status"].text_or())) << name;
    }
    const json::Value control = document.root()["panels"]["bulkhead.control.csvs_3_1"];
    EXPECT_EQ(control["summary"]["error"].integer_or(-1), 1) << "the unknown";
    EXPECT_THAT(control["data"]["rows"].items()[2]["reason"].text_or(), testing::StartsWith("unknown: "));
}

TEST(Markdown, hostile_names_stay_in_their_cell) {
    const std::string text = render("md", hostile_audit());
    EXPECT_THAT(text, Not(HasSubstr("<script")));
    EXPECT_THAT(text, HasSubstr("| 1 | **0 %** | 0 | 1 | 0 | 1 |"));
    audit::Audit many = sample_audit();
    many.results.assign(50, sample_audit().results[3]);
    EXPECT_THAT(render("md", many), HasSubstr("and 30 more"));
}

TEST(Html, nothing_hostile_becomes_markup_and_only_our_script_may_run) {
    const std::string text = render("html", hostile_audit());
    std::size_t scripts = 0;
    for (std::size_t at = text.find("<script"); at != std::string::npos; at = text.find("<script", at + 1)) ++scripts;
    EXPECT_EQ(scripts, 1U);
    EXPECT_THAT(text, HasSubstr("stage &lt;script&gt;alert(1)&lt;/script&gt; of Dockerfile"));
    EXPECT_THAT(text, Not(HasSubstr("href=\"javascript:")));
    EXPECT_THAT(text, Not(HasSubstr("\x1b")));
    EXPECT_THAT(text, HasSubstr("default-src 'none'; style-src '" + content_hash(html_style) + "'; script-src '" + content_hash(html_script) + "'"));
    EXPECT_THAT(text, Not(HasSubstr("unsafe-inline")));
    EXPECT_THAT(text, Not(HasSubstr(" style=\""))) << "the policy would refuse it";
    EXPECT_EQ(html_script.find_first_of("<&"), std::string_view::npos);
    EXPECT_EQ(html_style.find_first_of("<&"), std::string_view::npos);
}

TEST(Html, counts_what_it_leaves_out_and_keeps_the_worst) {
    audit::Audit audit = sample_audit();
    const audit::Result ok = audit.results[0];
    audit.results.assign(html_results_max + 500, ok);
    audit.results.push_back(sample_audit().results[3]);
    const std::string text = render("html", audit);
    EXPECT_THAT(text, HasSubstr("501 more results are left out of this page: 501 ok."));
    EXPECT_THAT(text, HasSubstr(">ALARM<"));
    EXPECT_LT(text.size(), 5'000'000U);
}

TEST(Html, a_control_of_many_groups_is_shown_once_where_it_belongs) {
    audit::Audit audit = sample_audit();
    audit.benchmarks.insert(audit.benchmarks.begin(), {"a_selection", "A selection", "", {"csvs_3_1"}});
    const std::string text = render("html", audit);
    const std::size_t shown = text.find("id=\"c-csvs_3_1\"");
    EXPECT_EQ(text.find("id=\"c-csvs_3_1\"", shown + 1), std::string::npos);
    EXPECT_LT(text.find("href=\"#c-csvs_3_1\""), shown);
    EXPECT_LT(text.find("V3 Container"), shown);
}

TEST(Html, small_controls_are_shown_whole_where_large_ones_are_cut) {
    EXPECT_EQ(fair_share({}, 10), 10U);
    EXPECT_EQ(fair_share({3, 4}, 10), 10U);
    EXPECT_EQ(fair_share({1, 100, 2}, 10), 7U);
    EXPECT_EQ(fair_share({100, 100}, 10), 5U);
}

TEST(MachineFormats, an_audit_of_nothing_is_valid_too) {
    for (const char* format : {"sarif", "gitlab", "oscal", "pps"}) EXPECT_TRUE(json::Document::parse(render(format, {}))) << format;
    EXPECT_THAT(render("junit", {}), HasSubstr("tests=\"0\""));
    EXPECT_THAT(render("html", {}), HasSubstr("</html>"));
    EXPECT_THAT(render("md", {}), HasSubstr("# bulkhead"));
}

}  // namespace

}  // namespace bulkhead::report
