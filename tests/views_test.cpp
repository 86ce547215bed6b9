// SPDX-License-Identifier: Apache-2.0
// The views of other programs (views/*.sql) have exactly the columns of those programs, with values of their types, and queries that are
// published for them run. The lists of columns in tests/fixtures/views are facts about those programs, taken down from their sources.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>

#include "base/text.h"
#include "build/build_files.h"
#include "sql/database.h"
#include "sql/views.h"
#include "tables/catalog.h"
#include "tests/case_world.h"
#include "world/testing/temp_folder.h"

namespace bulkhead::tests {
namespace {

using Columns = std::vector<std::pair<std::string, std::string>>;  // name, type

std::map<std::string, Columns> published(const std::string& dialect) {
    std::ifstream file(std::string(BULKHEAD_SOURCE_DIR) + "/tests/fixtures/views/" + dialect + ".tsv");
    std::map<std::string, Columns> tables;
    for (std::string line; std::getline(file, line);) {
        const auto parts = text::split(line, '\t');
        if (parts.size() == 3) tables[std::string(parts[0])].emplace_back(parts[1], parts[2]);
    }
    return tables;
}

class PublishedViews : public testing::TestWithParam<std::string> {
  protected:
    void SetUp() override {
        world_ = std::make_unique<world::World>(*reader_, 2);
        facts_ = std::make_unique<tables::Facts>(*world_);
        facts_->build().give(
            {.dockerfiles = {folder_.write("Dockerfile", "# first\n# second\nFROM debian:12 AS base\nCOPY --chown=1:1 --link a b\nUSER 1\n")}, .compose = {}});
        auto opened = sql::Database::open(*facts_, tables::catalog(), {});
        ASSERT_TRUE(opened);
        database_ = std::move(*opened);
        reader_->set("file:" + folder_.at("Dockerfile"), folder_.read("Dockerfile"));
    }
    sql::ResultSet ask(const std::string& sql) {
        auto set = database_->run(sql);
        EXPECT_TRUE(set) << sql << ": " << (set ? "" : set.error().message);
        return set ? std::move(*set) : sql::ResultSet{};
    }

    world::TempFolder folder_;
    std::shared_ptr<world::FakeReader> reader_ =
        load_cases(folder_.write("one.cases.yaml", "cases: [{name: base, expect: [{name: x, status: ok}]}]")).front().reader;
    std::unique_ptr<world::World> world_;
    std::unique_ptr<tables::Facts> facts_;
    std::unique_ptr<sql::Database> database_;
};

// How SQL's typeof() calls what a column of the type may hold.
bool holds(const std::string& type, const std::string& found) {
    if (found == "null") return true;
    if (type == "integer" || type == "boolean") return found == "integer";
    return type == "real" ? found == "real" || found == "integer" : found == "text";
}

TEST_P(PublishedViews, have_the_columns_of_the_other_program_in_its_order) {
    ASSERT_TRUE(database_->speak(GetParam()));
    const auto tables = published(GetParam());
    ASSERT_GE(tables.size(), 6U);
    for (const auto& [table, columns] : tables) {
        std::vector<std::string> wanted;
        for (const auto& [name, type] : columns) wanted.push_back(name);
        EXPECT_EQ(ask("select * from " + table + " limit 0").columns, wanted) << table;
    }
    for (const sql::View& view : sql::peer_views()) EXPECT_TRUE(view.dialect != GetParam() || tables.contains(view.name)) << view.name;
}

TEST_P(PublishedViews, hold_values_of_the_other_programs_types) {
    ASSERT_TRUE(database_->speak(GetParam()));
    std::size_t values = 0;
    for (const auto& [table, columns] : published(GetParam())) {
        for (const auto& [name, type] : columns) {
            const std::string condition = type == "json" ? "json_valid(" + name + ")" : type == "boolean" ? name + " in (0, 1)" : "1";
            const auto set = ask("select typeof(" + name + "), " + condition + " from " + table);
            for (const auto& row : set.rows) {
                const std::string found = std::get<std::string>(row.at(0));
                EXPECT_TRUE(holds(type, found)) << table << "." << name << " holds " << found << ", not " << type;
                if (found == "null") continue;
                EXPECT_EQ(std::get<std::int64_t>(row.at(1)), 1) << table << "." << name;
                ++values;
            }
        }
    }
    EXPECT_GT(values, 80U) << "a test over nothing";
}

INSTANTIATE_TEST_SUITE_P(All, PublishedViews, testing::ValuesIn(sql::dialects()), [](const auto& given) { return given.param; });

using PublishedQueries = PublishedViews;

// Examples of osquery's table specifications, with an id of this world.
TEST_F(PublishedQueries, of_osquery_run) {
    ASSERT_TRUE(database_->speak("osquery"));
    const auto by_name = ask("select * from docker_containers where name = '/web'");
    ASSERT_EQ(by_name.rows.size(), 1U);
    const std::string id = std::get<std::string>(by_name.rows[0][0]);
    EXPECT_EQ(ask("select * from docker_container_networks where id = '" + id + "'").rows.size(), 1U);
    EXPECT_EQ(ask("select version from docker_version").rows.size(), 1U);
    const auto image = ask("select * from docker_images");
    ASSERT_EQ(image.rows.size(), 1U);
    EXPECT_EQ(std::get<std::string>(image.rows[0][0]).find(':'), std::string::npos);
    EXPECT_EQ(std::get<std::string>(image.rows[0][3]), "shop/web:1");
    const auto port = ask("select * from docker_container_ports where id = '" + id + "'");
    ASSERT_EQ(port.rows.size(), 1U);
    EXPECT_EQ(std::get<std::int64_t>(port.rows[0][4]), 8443);
}

// Examples of the plugin's documentation, in its form for SQLite.
TEST_F(PublishedQueries, of_steampipe_run) {
    ASSERT_TRUE(database_->speak("steampipe"));
    const auto running = ask("select id, names from docker_container where state = 'running'");
    ASSERT_EQ(running.rows.size(), 1U);
    EXPECT_EQ(std::get<std::string>(running.rows[0][1]), R"(["/web"])");
    EXPECT_EQ(ask("select id, names, image, command, created from docker_container where json_extract(config, '$.Healthcheck') is null").rows.size(), 1U);
    EXPECT_TRUE(
        ask("select id, names, image, command, created from docker_container where json_extract(inspect, '$.HostConfig.NetworkMode') = 'host'").rows.empty());
    const auto ports = ask("select p.value ->> 'PrivatePort', p.value ->> 'PublicPort', p.value ->> 'IP' from docker_container, json_each(ports) as p");
    ASSERT_EQ(ports.rows.size(), 1U);
    EXPECT_EQ(std::get<std::int64_t>(ports.rows[0][1]), 8443);
    const auto instruction = ask("select prev_comment, flags from dockerfile_instruction where start_line in (3, 4) order by start_line");
    ASSERT_EQ(instruction.rows.size(), 2U);
    EXPECT_EQ(std::get<std::string>(instruction.rows[0][0]).starts_with('['), true);
    EXPECT_EQ(std::get<std::string>(instruction.rows[1][1]), R"(["--chown=1:1","--link"])");
}

}  // namespace
}  // namespace bulkhead::tests
