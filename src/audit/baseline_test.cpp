// SPDX-License-Identifier: Apache-2.0
#include "audit/baseline.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace bulkhead::audit {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

Result one(std::string name, Status status, std::string reason = "Bad.", std::string control = "x_1", std::string resource = "") {
    return {std::move(control), resource.empty() ? "id-of-" + name : std::move(resource), name, status, std::move(reason), "", {}, {}};
}

Catalog catalog() {
    Catalog catalog;
    for (const char* id : {"x_1", "x_2"}) {
        catalog.controls.emplace_back();
        catalog.controls.back().id = id;
    }
    catalog.controls[0].aliases = {"old_1"};
    return catalog;
}

Audit audit_of(std::vector<Result> results) {
    Audit audit;
    audit.as_of = 1'700'000'000'000;
    audit.controls = catalog().controls;
    audit.results = std::move(results);
    return audit;
}

Audit compared(const std::vector<Result>& before, std::vector<Result> now, Coverage coverage = Coverage::whole) {
    Audit audit = audit_of(std::move(now));
    compare(audit, baseline_from(audit_of(before), "b.json"), catalog(), coverage);
    return audit;
}

std::vector<std::string> novelties(const Audit& audit) {
    std::vector<std::string> out;
    for (const Result& result : audit.results) out.emplace_back(name(result.novelty));
    return out;
}

TEST(Baseline, a_container_made_anew_under_its_name_keeps_its_results) {
    const Audit audit = compared({one("web", Status::alarm, "Bad.", "old_1", "aaaa"), one("db", Status::ok)},
                                 {one("web", Status::alarm, "Worse.", "x_1", "bbbb"), one("db", Status::alarm), one("job", Status::alarm)});
    EXPECT_THAT(novelties(audit), ElementsAre("known", "new", "new")) << "ok became alarm is new";
    EXPECT_EQ(audit.comparison->known_alarms, 1U);
    EXPECT_EQ(audit.comparison->new_alarms, 2U);
    EXPECT_EQ(audit.comparison->fixed, 0U);
    EXPECT_EQ(audit.comparison->baseline, "b.json");
}

TEST(Baseline, what_was_unknown_or_skipped_and_alarms_now_is_new) {
    EXPECT_THAT(novelties(compared({one("web", Status::unknown)}, {one("web", Status::alarm)})), ElementsAre("new"));
    EXPECT_THAT(novelties(compared({one("web", Status::skip)}, {one("web", Status::alarm)})), ElementsAre("new"));
    EXPECT_THAT(novelties(compared({one("web", Status::unknown)}, {one("web", Status::unknown)})), ElementsAre("known"));
}

TEST(Baseline, of_several_alarms_of_one_thing_as_many_are_known_as_there_were) {
    const auto add = [](const std::string& what) { return one("Dockerfile", Status::alarm, what, "x_1", "dockerfile:Dockerfile"); };
    EXPECT_THAT(novelties(compared({add("ADD a"), add("ADD b")}, {add("ADD c"), add("ADD b"), add("ADD a")})), ElementsAre("new", "known", "known"));
    EXPECT_THAT(novelties(compared({add("ADD a")}, {add("ADD b")})), ElementsAre("known"));
    EXPECT_EQ(compared({add("ADD a"), add("ADD b")}, {add("ADD b")}).comparison->fixed, 1U);
}

TEST(Baseline, what_a_build_file_declares_is_not_what_a_container_is) {
    EXPECT_THAT(novelties(compared({one("web", Status::alarm, "Bad.", "x_1", "compose:shop:web")}, {one("web", Status::alarm)})), ElementsAre("new"));
    EXPECT_THAT(
        novelties(compared({one("web", Status::alarm, "Bad.", "x_1", "compose:shop:web")}, {one("web", Status::alarm, "Bad.", "x_1", "compose:checkout:web")})),
        ElementsAre("known"))
        << "the project is named after the folder, which differs from one checkout to the next";
}

TEST(Baseline, fixed_is_only_what_was_seen_to_be_so) {
    const std::vector<Result> before = {one("web", Status::alarm)};
    EXPECT_EQ(compared(before, {one("web", Status::ok)}).comparison->fixed, 1U);
    EXPECT_EQ(compared(before, {}).comparison->fixed, 1U) << "the container is gone";
    EXPECT_EQ(compared(before, {one("web", Status::skip)}).comparison->skipped, 1U);
    EXPECT_EQ(compared(before, {one("web", Status::unknown)}).comparison->unclear, 1U);
    EXPECT_EQ(compared(before, {one("db", Status::unknown)}).comparison->unclear, 1U) << "it may be there, unseen";
    EXPECT_EQ(compared(before, {one("db", Status::ok)}, Coverage::part).comparison->unclear, 1U) << "it was not asked for";
    EXPECT_EQ(compared({one("web", Status::alarm, "Bad.", "gone_1")}, {}).comparison->unclear, 1U) << "there is no such control any more";
    Audit audit = audit_of({});
    audit.controls.erase(audit.controls.begin());
    compare(audit, baseline_from(audit_of(before), "b.json"), catalog(), Coverage::whole);
    EXPECT_EQ(audit.comparison->unclear, 1U) << "the control was not asked";
}

std::string report(const std::string& results, const std::string& head = R"("schema": "bulkhead.audit/1", "as_of": "2023-11-14T22:13:19.123Z")") {
    return "{" + head + ",\n\"results\": [\n" + results + "\n]}";
}
constexpr const char* good = R"({"control": "x_1", "resource": "a", "resource_name": "web", "status": "alarm", "reason": "Bad.", "more": [1]})";

std::string error_of(const std::string& bytes) {
    const auto parsed = parse_baseline(bytes, "b.json");
    EXPECT_FALSE(parsed) << bytes;
    return parsed ? "" : parsed.error().message;
}

TEST(Baseline, is_read_from_a_report) {
    const auto parsed = parse_baseline(report(good), "b.json");
    ASSERT_TRUE(parsed) << parsed.error().message;
    ASSERT_EQ(parsed->results.size(), 1U);
    EXPECT_EQ(parsed->results[0].resource_name, "web");
    EXPECT_EQ(parsed->results[0].status, Status::alarm);
    EXPECT_EQ(rfc3339(parsed->as_of), "2023-11-14T22:13:19.123Z");
    EXPECT_TRUE(parse_baseline(report("", R"("schema": "bulkhead.audit/1")"), "b.json"));
}

TEST(Baseline, mistakes_name_file_line_and_column) {
    EXPECT_THAT(error_of(""), StartsWith("b.json:1:1: "));
    EXPECT_THAT(error_of("{\"schema\": \"bulkhead.audit/1\",\n \"results\": [}"), StartsWith("b.json:2:14: "));
    EXPECT_THAT(error_of("[]"), StartsWith("b.json:1:1: expected a report of `bulkhead audit --format json`"));
    EXPECT_THAT(error_of(report(good, R"("schema": "other/1")")), StartsWith("b.json:1:12: expected a report"));
    EXPECT_THAT(error_of(report(good, R"("schema": "bulkhead.audit/1", "as_of": "yesterday")")), StartsWith("b.json:1:41: as_of is a time"));
    EXPECT_THAT(error_of("{\"schema\": \"bulkhead.audit/1\",\n \"results\": {}}"), StartsWith("b.json:2:13: results is a list"));
    EXPECT_THAT(error_of(report(std::string(good) + ",\n7")), StartsWith("b.json:4:1: a result is an object"));
    EXPECT_THAT(error_of(report(R"({"control": "x_1", "resource": "a", "resource_name": 7, "status": "alarm", "reason": ""})")),
                StartsWith("b.json:3:54: a result has the text \"resource_name\""));
    EXPECT_THAT(error_of(report(R"({"control": "x_1", "resource": "a", "resource_name": "b", "status": "red", "reason": ""})")),
                StartsWith("b.json:3:69: a result's status is ok, alarm"));
    EXPECT_THAT(error_of(report(R"({"resource": "a", "resource_name": "b", "status": "ok", "reason": ""})")), HasSubstr("\"control\""));
    EXPECT_THAT(error_of(std::string(200, '[')), StartsWith("b.json:1:"));
}

}  // namespace
}  // namespace bulkhead::audit
