// SPDX-License-Identifier: Apache-2.0
#include "report/snapshot_diff_view.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"

namespace bulkhead::report {
namespace {

using audit::Change;
using testing::HasSubstr;

SnapshotDiff sample() {
    SnapshotDiff diff{.before = {"a.snapshot", 1'700'000'000'000}, .after = {"b.snapshot", 1'700'000'060'000}};
    diff.results = {{"csvs_3_1", "web", audit::Status::ok, audit::Status::alarm, "runs as root \x1b[2J"},
                    {"csvs_3_1", "db", audit::Status::alarm, std::nullopt, "ran"}};
    diff.facts = {{.question = "containers", .change = Change::changed, .key = "web", .columns = {{"user", "app", ""}}},
                  {.question = "networks", .change = Change::appeared, .key = "front\n"},
                  {.question = "networks", .change = Change::unclear, .reason = "the second could not read engine:/networks: denied"}};
    return diff;
}

TEST(SnapshotDiffView, text_tells_each_difference) {
    const std::string text = snapshot_diff_text(sample(), {.width = 80});
    EXPECT_THAT(text, HasSubstr("a.snapshot of 2023-11-14T22:13:20.000Z\n"));
    EXPECT_THAT(text, HasSubstr("  ok -> alarm  csvs_3_1  web\n"));
    EXPECT_THAT(text, HasSubstr("  alarm -> -  csvs_3_1  db\n"));
    EXPECT_THAT(text, HasSubstr("Containers\n  ~ web\n      user: app -> nothing\n"));
    EXPECT_THAT(text, HasSubstr("Networks\n  + front\\x0a\n  ? not comparable: the second could not read engine:/networks: denied\n"));
    EXPECT_THAT(text, HasSubstr("2 results differ. Facts: 1 appeared (+), 0 gone (-), 1 changed (~), 1 unclear (?)"));
    EXPECT_EQ(text.find('\x1b'), std::string::npos);
    EXPECT_THAT(snapshot_diff_text({}, {}), HasSubstr("No difference"));
}

TEST(SnapshotDiffView, json_is_one_object) {
    const auto document = json::Document::parse(snapshot_diff_json(sample()));
    ASSERT_TRUE(document) << document.error().message;
    const json::Value root = document->root();
    EXPECT_EQ(root["schema"].text_or(), "bulkhead.snapshot_diff/1");
    EXPECT_EQ(root["results"].items()[0]["after"].text_or(), "alarm");
    EXPECT_TRUE(root["results"].items()[1]["after"].is_null());
    EXPECT_EQ(root["facts"].items()[0]["columns"].items()[0]["before"].text_or(), "app");
    EXPECT_EQ(root["facts"].items()[2]["change"].text_or(), "unclear");
    EXPECT_TRUE(json::Document::parse(snapshot_diff_json({})));
}

}  // namespace
}  // namespace bulkhead::report
