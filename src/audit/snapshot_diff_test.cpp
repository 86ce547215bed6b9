// SPDX-License-Identifier: Apache-2.0
#include "audit/snapshot_diff.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "tables/catalog.h"
#include "world/testing/fake_reader.h"

namespace bulkhead::audit {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

FactSet facts(std::map<std::string, std::vector<std::string>> rows, std::map<std::string, std::string> failures = {}) {
    return {.name = "containers", .columns = {"image", "user"}, .rows = std::move(rows), .failures = std::move(failures)};
}

TEST(SnapshotDiff, rows_appear_go_and_change_by_their_key) {
    const auto differences = diff_facts({facts({{"web", {"a:1", "app"}}, {"old", {"b", ""}}, {"same", {"c", ""}}})},
                                        {facts({{"web", {"a:2", "app"}}, {"new", {"d", ""}}, {"same", {"c", ""}}})});
    ASSERT_THAT(differences, SizeIs(3));
    EXPECT_EQ(differences[0].key, "old");
    EXPECT_EQ(differences[0].change, Change::gone);
    EXPECT_EQ(differences[1].key, "web");
    EXPECT_EQ(differences[1].change, Change::changed);
    ASSERT_THAT(differences[1].columns, SizeIs(1));
    EXPECT_EQ(differences[1].columns[0].column, "image");
    EXPECT_EQ(differences[1].columns[0].before, "a:1");
    EXPECT_EQ(differences[1].columns[0].after, "a:2");
    EXPECT_EQ(differences[2].key, "new");
    EXPECT_EQ(differences[2].change, Change::appeared);
}

TEST(SnapshotDiff, what_one_of_them_could_not_read_is_neither_gone_nor_appeared) {
    const auto gone = diff_facts({facts({{"web", {"a", ""}}})}, {facts({}, {{"engine:/containers/json", "denied"}})});
    ASSERT_THAT(gone, SizeIs(2));
    for (const FactDifference& one : gone) {
        EXPECT_EQ(one.change, Change::unclear);
        EXPECT_EQ(one.reason, "the second could not read engine:/containers/json: denied");
    }
    const auto appeared = diff_facts({facts({}, {{"engine:/containers/json", "denied"}})}, {facts({{"web", {"a", ""}}})});
    ASSERT_THAT(appeared, SizeIs(2));
    EXPECT_EQ(appeared[1].change, Change::unclear);
    EXPECT_THAT(diff_facts({facts({}, {{"x", "denied"}})}, {facts({}, {{"x", "denied"}})}), IsEmpty()) << "both are blind to the same";
}

Audit audit_of(std::vector<Result> results) {
    Audit audit;
    audit.results = std::move(results);
    return audit;
}
Result one(std::string control, std::string name, Status status) { return {std::move(control), "id", std::move(name), status, "Because.", "", {}, {}}; }

TEST(SnapshotDiff, results_are_compared_by_status_and_told_in_order) {
    const auto differences = diff_results(audit_of({one("x_10", "web", Status::alarm), one("x_2", "db", Status::ok), one("x_2", "web", Status::ok)}),
                                          audit_of({one("x_10", "web", Status::ok), one("x_2", "web", Status::ok), one("x_3", "web", Status::unknown)}), {});
    ASSERT_THAT(differences, SizeIs(3));
    EXPECT_EQ(differences[0].control, "x_2");
    EXPECT_EQ(differences[0].after, std::nullopt);
    EXPECT_EQ(differences[1].control, "x_3");
    EXPECT_EQ(differences[1].before, std::nullopt);
    EXPECT_EQ(differences[2].control, "x_10");
    EXPECT_EQ(differences[2].before, Status::alarm);
    EXPECT_EQ(differences[2].after, Status::ok);
}

TEST(SnapshotDiff, each_question_is_sql_over_the_tables_and_a_blind_one_says_so) {
    world::FakeReader reader;
    world::World world(reader, 1);
    tables::Facts all(world);
    const auto database = sql::Database::open(all, tables::catalog(), {}, sql::Database::Use::audit);
    ASSERT_TRUE(database) << database.error().message;
    std::set<std::string> names;
    for (const FactSet& set : gather_facts(**database)) {
        EXPECT_FALSE(set.failures.contains("the question")) << set.name << ": " << set.failures.at("the question");
        EXPECT_TRUE(names.insert(set.name).second) << set.name;
        if (set.name == "containers") EXPECT_THAT(set.failures, testing::Not(IsEmpty()));
    }
    EXPECT_THAT(names, testing::Contains("firewall rules"));
}

}  // namespace
}  // namespace bulkhead::audit
