// SPDX-License-Identifier: Apache-2.0
// Many controls of one audit: each judged once, whoever does it, in the order of the list.
#include "audit/run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "audit/catalog.h"
#include "audit/select.h"
#include "world/testing/fake_reader.h"

namespace bulkhead::audit {
namespace {

Control control(const std::string& id, const std::string& sql) {
    Control made;
    made.id = id;
    made.levels = {1};
    made.sql = sql;
    return made;
}

TEST(Run, the_same_question_is_asked_once_and_answered_for_each) {
    world::FakeReader reader;
    reader.set("engine:/info", "{}");
    world::World world{reader, 1};
    tables::Facts facts{world};
    const auto database = sql::Database::open(facts, {}, {}, sql::Database::Use::audit);
    ASSERT_TRUE(database);
    // A random number tells whether a statement ran again.
    const std::string random = "select 'host' as resource, 'ok' as status, hex(randomblob(8)) as reason";
    Catalog catalog;
    for (int i = 1; i <= 30; ++i) catalog.controls.push_back(control("a_" + std::to_string(i), random + " where " + std::to_string(i % 10) + " >= 0"));
    const auto audit = run(catalog, **database, facts, {}, {});
    ASSERT_TRUE(audit) << audit.error().message;
    ASSERT_EQ(audit->results.size(), 30U);
    std::map<std::string, std::string> reason_of;
    std::set<std::string> reasons;
    for (std::size_t i = 0; i < audit->results.size(); ++i) {
        EXPECT_EQ(audit->results[i].control, catalog.controls[i].id);
        reason_of[audit->results[i].control] = audit->results[i].reason;
        reasons.insert(audit->results[i].reason);
    }
    EXPECT_EQ(reasons.size(), 10U);
    EXPECT_EQ(reason_of["a_3"], reason_of["a_23"]);
    EXPECT_NE(reason_of["a_3"], reason_of["a_4"]);
}

TEST(Run, other_parameters_are_another_question) {
    world::FakeReader reader;
    reader.set("engine:/info", "{}");
    world::World world{reader, 1};
    tables::Facts facts{world};
    const auto database = sql::Database::open(facts, {}, {}, sql::Database::Use::audit);
    ASSERT_TRUE(database);
    Catalog catalog;
    for (int i = 1; i <= 30; ++i) {
        catalog.controls.push_back(control("a_" + std::to_string(i), "select 'host' as resource, 'ok' as status, param('x') || hex(randomblob(8)) as reason"));
        catalog.controls.back().params = {{"x", std::to_string(i % 3)}};
    }
    const auto audit = run(catalog, **database, facts, {}, {});
    ASSERT_TRUE(audit) << audit.error().message;
    std::set<std::string> reasons;
    for (std::size_t i = 0; i < audit->results.size(); ++i) {
        EXPECT_EQ(audit->results[i].reason.substr(0, 1), std::to_string((i + 1) % 3)) << "each with its own parameter";
        reasons.insert(audit->results[i].reason);
    }
    EXPECT_EQ(reasons.size(), 3U) << "each question is asked once";
}

}  // namespace
}  // namespace bulkhead::audit
