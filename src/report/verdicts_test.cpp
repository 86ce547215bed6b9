// SPDX-License-Identifier: Apache-2.0
#include "report/verdicts.h"

#include <gtest/gtest.h>

#include "report/testing/sample_audit.h"

namespace bulkhead::report {

namespace {

TEST(Verdicts, what_is_unknown_has_not_passed) {
    ControlResults control;
    EXPECT_EQ(control.verdict(), Verdict::not_judged);
    control.counts.add(audit::Status::skip);
    control.counts.add(audit::Status::info);
    EXPECT_EQ(control.verdict(), Verdict::not_judged) << "nothing was judged good";
    control.counts.add(audit::Status::ok);
    EXPECT_EQ(control.verdict(), Verdict::passed);
    control.counts.add(audit::Status::unknown);
    EXPECT_EQ(control.verdict(), Verdict::unclear);
    control.counts.add(audit::Status::error);
    EXPECT_EQ(control.verdict(), Verdict::failed);
}

TEST(Verdicts, levels_hold_what_lower_levels_hold) {
    audit::Audit audit = sample_audit();
    audit.results[5].status = audit::Status::unknown;  // csvs_3_9, level 2
    audit.results[4].status = audit::Status::ok;
    audit.results.push_back({"cis_v160_2_2", "a", "a", audit::Status::ok, "", "", {}, {}});
    const std::vector<Score> made = scores(by_control(audit));
    ASSERT_EQ(made.size(), 3U);
    EXPECT_EQ(made[0].of(Verdict::failed), 1U);
    EXPECT_EQ(made[0].of(Verdict::passed), 1U);
    EXPECT_EQ(made[0].percent(), 50U);
    EXPECT_EQ(made[1].of(Verdict::unclear), 1U);
    EXPECT_EQ(made[1].of(Verdict::failed), 2U);
    EXPECT_EQ(made[1].percent(), 25U);
    EXPECT_EQ(made[2].judged(), made[1].judged());
}

TEST(Verdicts, a_percent_of_100_means_all) {
    Score score;
    EXPECT_EQ(score.percent(), 0U);
    score.controls = {999, 1, 0, 50};
    EXPECT_EQ(score.percent(), 99U);
}

}  // namespace

}  // namespace bulkhead::report
