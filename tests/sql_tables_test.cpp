// SPDX-License-Identifier: Apache-2.0
// Every table of the catalog over worlds that help nobody: nothing readable, only garbage, an engine that answers in the wrong
// shape; and over the base world, where queries must not read more than they need.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "build/build_files.h"
#include "sql/database.h"
#include "tables/catalog.h"
#include "tests/case_world.h"
#include "world/testing/temp_folder.h"

namespace bulkhead::tests {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

// Answers everything with the same bytes or the same failure.
class SameReader : public world::Reader {
  public:
    SameReader(world::Outcome outcome, std::string bytes) : outcome_(outcome), bytes_(std::move(bytes)) {}
    world::Reading read(const world::Request& request) override {
        return {world::locator(request), outcome_, outcome_ == world::Outcome::present ? bytes_ : "",
                outcome_ == world::Outcome::present ? "" : "as the test says", 1};
    }
    [[nodiscard]] UnixMs as_of() const override { return 1; }

  private:
    world::Outcome outcome_;
    std::string bytes_;
};

std::string select_all(const tables::Table& table) {
    std::string sql = fmt::format("select * from {}", table.name);
    for (const std::string& column : table.required)
        sql += fmt::format("{} {} = '{}'", &column == &table.required.front() ? " where" : " and", column, column == "address" ? "192.0.2.1" : "/etc/passwd");
    return sql;
}

bulkhead::Result<sql::ResultSet> query(world::Reader& reader, const std::string& sql, sql::Database::Use use = sql::Database::Use::query) {
    world::World world(reader, 2);
    tables::Facts facts(world);
    facts.build().give({.dockerfiles = {"Dockerfile"}, .compose = {.files = {"compose.yaml"}}});
    auto database = sql::Database::open(facts, tables::catalog(), {}, use);
    if (!database) return std::unexpected(database.error());
    return (*database)->run(sql);
}

// Tables that read nothing: of what could not be read, which is their content, and of what the user brought along.
bool reads_nothing(const tables::Table& table) { return table.name == "source_status" || table.name == "attestation"; }

TEST(Tables, over_a_world_that_cannot_be_read_have_no_rows_and_say_why) {
    for (const auto outcome : {world::Outcome::failed, world::Outcome::denied}) {
        for (const tables::Table& table : tables::catalog()) {
            SameReader reader(outcome, "");
            const auto set = query(reader, select_all(table));
            ASSERT_TRUE(set) << table.name << ": " << set.error().message;
            if (reads_nothing(table)) continue;
            EXPECT_THAT(set->rows, IsEmpty()) << table.name;
            EXPECT_THAT(set->failures, Not(IsEmpty())) << table.name << ": an empty answer without a reason";
        }
    }
}

// "null" is not among these: it is how Go writes an empty list.
TEST(Tables, over_garbage_have_no_rows_and_say_why) {
    for (const std::string& bytes :
         {std::string("\xFF\x00garbage", 9), std::string("{"), std::string("42"), std::string(10'000, '['), std::string("\"text\"")}) {
        for (const tables::Table& table : tables::catalog()) {
            SameReader reader(world::Outcome::present, bytes);
            const auto set = query(reader, select_all(table));
            ASSERT_TRUE(set) << table.name << ": " << set.error().message;
            if (reads_nothing(table)) continue;
            EXPECT_THAT(set->rows, IsEmpty()) << table.name << " over " << bytes.substr(0, 10);
            EXPECT_THAT(set->failures, Not(IsEmpty())) << table.name << " over " << bytes.substr(0, 10) << ": an empty answer without a reason";
        }
    }
}

TEST(Tables, over_json_of_the_wrong_shape_do_not_crash) {
    for (const char* bytes : {"{}", "[]", "[{}]", "[[]]", R"([{"Id":1,"Names":{},"Labels":[],"State":7}])",
                              R"({"Id":[],"HostConfig":3,"NetworkSettings":"x","State":[],"Containers":[1],"IPAM":7})", R"({"pid":1})", R"({"pid":-1})",
                              R"({"pid":99999999999999999999})", "", "\n\n\n", "1\n2\n3\n"}) {
        for (const tables::Table& table : tables::catalog()) {
            SameReader reader(world::Outcome::present, bytes);
            const auto set = query(reader, select_all(table));
            EXPECT_TRUE(set) << table.name << " over " << bytes << ": " << set.error().message;
        }
    }
}

std::shared_ptr<world::FakeReader> base_world() {
    const world::TempFolder folder;
    return load_cases(folder.write("one.cases.yaml", "cases: [{name: base, expect: [{name: x, status: ok}]}]")).front().reader;
}

std::string id_of(char digit) { return std::string(64, digit); }

TEST(Tables, over_the_base_world_can_all_be_read_and_every_example_runs) {
    for (const tables::Table& table : tables::catalog()) {
        const auto reader = base_world();
        const auto set = query(*reader, select_all(table));
        ASSERT_TRUE(set) << table.name << ": " << set.error().message;
        EXPECT_EQ(set->columns.size(), table.columns.size());
        EXPECT_THAT(table.examples, Not(IsEmpty())) << table.name << " shows nobody how it is asked";
        for (const std::string& example : table.examples) {
            const auto shown = query(*reader, example);
            EXPECT_TRUE(shown) << table.name << ": " << example << ": " << shown.error().message;
        }
    }
}

TEST(Tables, have_columns_with_help_and_cells_of_their_type) {
    for (const tables::Table& table : tables::catalog()) {
        EXPECT_FALSE(table.help.empty()) << table.name;
        const auto reader = base_world();
        const auto set = query(*reader, select_all(table));
        ASSERT_TRUE(set);
        for (std::size_t i = 0; i < table.columns.size(); ++i) {
            EXPECT_FALSE(table.columns[i].help.empty()) << table.name << "." << table.columns[i].name;
            for (const auto& row : set->rows) {
                const bool is_text = std::holds_alternative<std::string>(row[i]);
                const bool wants_text = table.columns[i].type == tables::Type::text || table.columns[i].type == tables::Type::json;
                EXPECT_TRUE(std::holds_alternative<std::monostate>(row[i]) || is_text == wants_text) << table.name << "." << table.columns[i].name;
            }
        }
    }
}

TEST(Tables, a_query_on_networks_asks_nothing_of_containers) {
    const auto reader = base_world();
    const auto set = query(*reader, "select name, driver, subnet from docker_network");
    ASSERT_TRUE(set);
    EXPECT_THAT(set->rows, Not(IsEmpty()));
    EXPECT_THAT(reader->asked(), Not(Contains(HasSubstr("/containers"))));
    EXPECT_THAT(reader->asked(), Not(Contains(HasSubstr("file:"))));
}

TEST(Tables, a_query_for_one_container_inspects_no_other) {
    const auto reader = base_world();
    reader->set("engine:/containers/json?all=1", fmt::format(R"([{{"Id":"{}","Names":["/web"]}},{{"Id":"{}","Names":["/two"]}}])", id_of('a'), id_of('b')));
    for (const char* column : {"id", "container_id"}) {
        const auto set = query(*reader, fmt::format("select name from docker_container where {} = '{}'", column, id_of('a')));
        ASSERT_TRUE(set);
        EXPECT_EQ(set->rows.size(), 1U);
        EXPECT_THAT(set->failures, IsEmpty());
    }
    const auto by_name = query(*reader, "select id from docker_container where name = 'web'");
    EXPECT_EQ(by_name->rows.size(), 1U);
    EXPECT_THAT(reader->asked(), Not(Contains(HasSubstr(id_of('b')))));
}

// What is given as an id becomes part of what the engine is asked: only an id may.
TEST(Tables, an_id_that_is_none_never_reaches_the_engine) {
    for (const std::string& id : {std::string("../info"), std::string("x/json?size=1&y="), std::string("web"), id_of('a') + "/top", std::string(" "),
                                  std::string("%2e%2e/info"), std::string("x\r\nHost: y")}) {
        const auto reader = base_world();
        for (const char* sql :
             {"select 1 from docker_container where id = '{}'", "select 1 from docker_network where id = '{}'", "select 1 from docker_image where id = '{}'",
              "select 1 from docker_container_mount where container_id = '{}'", "select 1 from container_process where container_id = '{}'"}) {
            const auto set = query(*reader, fmt::format(fmt::runtime(sql), id));
            if (!set) continue;  // no such column in that table
            EXPECT_THAT(set->rows, IsEmpty()) << sql << id;
        }
        for (const std::string& locator : reader->asked()) {
            EXPECT_TRUE(id == "web" || id == " " || locator.find(id) == std::string::npos) << locator;
            EXPECT_EQ(locator.find("containers/" + id), std::string::npos) << locator;
        }
    }
}

TEST(Tables, in_an_audit_and_in_a_query_give_the_same_rows) {
    for (const tables::Table& table : tables::catalog()) {
        const auto reader = base_world();
        const auto whole = query(*reader, select_all(table));
        ASSERT_TRUE(whole);
        const auto audited = query(*reader, select_all(table), sql::Database::Use::audit);
        ASSERT_TRUE(audited);
        EXPECT_EQ(whole->rows, audited->rows) << table.name;
        if (!table.required.empty()) continue;
        for (const std::string& key : table.keys) {
            const std::string sql = fmt::format("select count(*) from {0} where {1} = (select {1} from {0} where {1} is not null limit 1)", table.name, key);
            const auto pushed = query(*reader, sql);
            const auto indexed = query(*reader, sql, sql::Database::Use::audit);
            ASSERT_TRUE(pushed && indexed) << table.name << "." << key;
            EXPECT_EQ(pushed->rows, indexed->rows) << table.name << "." << key << ": what is read for one key differs from what the whole table holds";
        }
    }
}

}  // namespace
}  // namespace bulkhead::tests
