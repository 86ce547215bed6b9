// SPDX-License-Identifier: Apache-2.0
// How views of other programs come into a database. What they answer over real tables: tests/views_test.cpp.
#include "sql/views.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "sql/database.h"
#include "tables/catalog.h"
#include "world/testing/fake_reader.h"

namespace bulkhead::sql {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class Views : public testing::Test {
  protected:
    void SetUp() override {
        auto opened = Database::open(facts_, tables::catalog(), {});
        ASSERT_TRUE(opened);
        database_ = std::move(*opened);
    }
    std::vector<std::string> columns(const std::string& table) {
        const auto set = database_->run("select name from pragma_table_info('" + table + "')");
        std::vector<std::string> names;
        if (!set) return {set.error().message};
        for (const auto& row : set->rows) names.push_back(std::get<std::string>(row.at(0)));
        return names;
    }

    world::FakeReader reader_;
    world::World world_{reader_, 1};
    tables::Facts facts_{world_};
    std::unique_ptr<Database> database_;
};

TEST_F(Views, of_each_dialect_are_read_from_the_files_whole) {
    EXPECT_THAT(dialects(), ElementsAre("osquery", "steampipe"));
    std::set<std::pair<std::string, std::string>> names;
    for (const View& view : peer_views()) {
        EXPECT_TRUE(view.sql.starts_with("create temp view " + view.name + " as\n")) << view.name;
        EXPECT_TRUE(view.sql.ends_with(";\n")) << view.name;
        EXPECT_TRUE(names.emplace(view.dialect, view.name).second) << view.name << " is there twice";
    }
    EXPECT_EQ(names.size(), 23U);
}

TEST_F(Views, whose_name_no_table_of_ours_has_need_no_dialect) {
    EXPECT_THAT(columns("docker_volumes"), ElementsAre()) << "before it is asked for there are none";
    ASSERT_TRUE(database_->speak(""));
    EXPECT_THAT(columns("docker_volumes"), ElementsAre("name", "driver", "mount_point", "type"));
    EXPECT_GT(columns("docker_version").size(), 9U) << "ours, with the locator";
}

TEST_F(Views, of_a_dialect_take_the_place_of_tables_and_give_it_back) {
    ASSERT_TRUE(database_->speak("osquery"));
    EXPECT_EQ(columns("docker_version").size(), 9U);
    EXPECT_THAT(columns("docker_images"), ElementsAre("id", "created", "size_bytes", "tags"));
    ASSERT_TRUE(database_->speak("steampipe"));
    EXPECT_GT(columns("docker_version").size(), 9U);
    EXPECT_EQ(columns("docker_volume").size(), 9U);
    ASSERT_TRUE(database_->speak(""));
    EXPECT_GT(columns("docker_volume").size(), 9U);
}

TEST_F(Views, of_a_dialect_nobody_knows_are_refused) {
    const auto spoken = database_->speak("mysql");
    ASSERT_FALSE(spoken);
    EXPECT_EQ(spoken.error().code, Code::invalid_input);
    EXPECT_THAT(spoken.error().message, HasSubstr("(there are: osquery, steampipe)"));
}

TEST_F(Views, leave_the_database_read_only) {
    ASSERT_TRUE(database_->speak("osquery"));
    EXPECT_FALSE(database_->run("create temp view mine as select 1"));
    EXPECT_FALSE(database_->run("drop view docker_images"));
}

TEST_F(Views, tell_of_sources_that_could_not_be_read) {
    ASSERT_TRUE(database_->speak("osquery"));
    const auto set = database_->run("select * from docker_images");
    ASSERT_TRUE(set);
    EXPECT_TRUE(set->rows.empty());
    EXPECT_FALSE(set->failures.empty());
}

// A database of somebody else's, which has tables of its own.
class Foreign : public testing::Test {
  protected:
    void SetUp() override {
        ASSERT_EQ(sqlite3_open(":memory:", &database_), SQLITE_OK);
        ASSERT_EQ(sqlite3_exec(database_, "create table docker_volumes(mine)", nullptr, nullptr, nullptr), SQLITE_OK);
    }
    void TearDown() override { sqlite3_close(database_); }

    sqlite3* database_ = nullptr;
    std::vector<std::string> made_;
};

TEST_F(Foreign, names_are_not_hidden_unless_the_dialect_is_asked_for) {
    ASSERT_TRUE(make_views(database_, "", tables::catalog(), made_));
    EXPECT_EQ(sqlite3_table_column_metadata(database_, nullptr, "docker_volumes", "mine", nullptr, nullptr, nullptr, nullptr, nullptr), SQLITE_OK);
    EXPECT_THAT(made_, testing::Not(testing::Contains("docker_volumes")));
    EXPECT_THAT(made_, testing::Contains("docker_images"));
    const auto spoken = make_views(database_, "osquery", tables::catalog(), made_);
    ASSERT_FALSE(spoken);
    EXPECT_THAT(spoken.error().message, HasSubstr("has a docker_volumes of its own"));
}

}  // namespace
}  // namespace bulkhead::sql
