// SPDX-License-Identifier: Apache-2.0
#include "cli/fail_on.h"

#include <gtest/gtest.h>

namespace bulkhead::cli {

namespace {

using audit::Status;

audit::Audit audit_of(std::initializer_list<Status> statuses, const std::string& severity = "medium") {
    audit::Audit audit;
    audit.controls.emplace_back();
    audit.controls.back().id = "c";
    audit.controls.back().severity = severity;
    for (const Status status : statuses) {
        audit.results.emplace_back();
        audit.results.back().control = "c";
        audit.results.back().status = status;
    }
    return audit;
}

int code(const audit::Audit& audit, const std::vector<std::string>& words) {
    const auto fail_on = parse_fail_on(words);
    return fail_on ? exit_code(audit, *fail_on) : -1;
}

TEST(FailOn, by_default_alarm_is_1_error_is_2_and_unknown_is_0) {
    EXPECT_EQ(code(audit_of({}), {}), 0);
    EXPECT_EQ(code(audit_of({Status::ok, Status::skip, Status::info}), {}), 0);
    EXPECT_EQ(code(audit_of({Status::ok, Status::alarm}), {}), 1);
    EXPECT_EQ(code(audit_of({Status::unknown}), {}), 0);
    EXPECT_EQ(code(audit_of({Status::alarm, Status::error}), {}), 2) << "a broken control outweighs an alarm";
}

TEST(FailOn, words_replace_the_default_but_errors_stay_errors) {
    EXPECT_EQ(code(audit_of({Status::unknown}), {"unknown"}), 1);
    EXPECT_EQ(code(audit_of({Status::alarm}), {"unknown"}), 0);
    EXPECT_EQ(code(audit_of({Status::alarm}), {"alarm", "unknown"}), 1);
    EXPECT_EQ(code(audit_of({Status::error}), {"unknown"}), 2);
    EXPECT_EQ(code(audit_of({Status::alarm}), {"error"}), 0);
    EXPECT_EQ(code(audit_of({Status::alarm, Status::error, Status::unknown}), {"none"}), 0);
    EXPECT_EQ(code(audit_of({Status::alarm, Status::error, Status::unknown}), {"never"}), 0);
}

TEST(FailOn, severity_is_a_floor_for_alarms) {
    EXPECT_EQ(code(audit_of({Status::alarm}, "medium"), {"severity>=high"}), 0);
    EXPECT_EQ(code(audit_of({Status::alarm}, "high"), {"severity>=high"}), 1);
    EXPECT_EQ(code(audit_of({Status::alarm}, "critical"), {"severity>=high"}), 1);
    EXPECT_EQ(code(audit_of({Status::unknown}, "critical"), {"severity>=high"}), 0);
}

TEST(FailOn, level_is_the_lowest_at_which_a_control_holds) {
    audit::Audit audit = audit_of({Status::alarm});
    audit.controls.back().levels = {2, 3};
    EXPECT_EQ(code(audit, {"level<=1"}), 0);
    EXPECT_EQ(code(audit, {"level<=2"}), 1);
    EXPECT_EQ(code(audit, {"level<=1", "severity>=medium"}), 1) << "any of the words is enough";
    EXPECT_EQ(code(audit, {"level<=1", "level<=3"}), 1);
    audit.controls.clear();
    EXPECT_EQ(code(audit, {"level<=1"}), 1) << "what is not known is not harmless";
}

TEST(FailOn, what_the_baseline_knows_fails_nothing_but_errors) {
    audit::Audit audit = audit_of({Status::alarm, Status::unknown});
    for (audit::Result& result : audit.results) result.novelty = audit::Novelty::known;
    EXPECT_EQ(code(audit, {}), 0);
    EXPECT_EQ(code(audit, {"alarm", "unknown", "severity>=low", "new"}), 0);
    audit.results[1].novelty = audit::Novelty::is_new;
    EXPECT_EQ(code(audit, {"new"}), 0) << "new is about alarms";
    EXPECT_EQ(code(audit, {"unknown"}), 1);
    audit.results[0].novelty = audit::Novelty::is_new;
    EXPECT_EQ(code(audit, {"new"}), 1);
    EXPECT_EQ(code(audit, {"severity>=critical"}), 0);
    EXPECT_EQ(failing(audit, {}).size(), 1U);
    audit = audit_of({Status::error});
    audit.results[0].novelty = audit::Novelty::known;
    EXPECT_EQ(code(audit, {}), 2);
}

TEST(FailOn, wrong_words_are_refused_with_the_right_ones) {
    for (const char* word : {"alarms", "severity>=huge", "severity>high", "level<=0", "level<=4", "level<=", ""}) {
        const auto parsed = parse_fail_on({word});
        ASSERT_FALSE(parsed) << word;
        EXPECT_NE(parsed.error().message.find("severity>=low|medium|high|critical"), std::string::npos);
    }
    EXPECT_FALSE(parse_fail_on({"never", "alarm"}));
    EXPECT_FALSE(parse_fail_on({"none", "alarm"}));
}

}  // namespace

}  // namespace bulkhead::cli
