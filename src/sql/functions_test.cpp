// SPDX-License-Identifier: Apache-2.0
#include "sql/functions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sql/database.h"
#include "world/testing/fake_reader.h"

namespace bulkhead::sql {
namespace {

using testing::HasSubstr;

class SqlFunctions : public testing::Test {
  protected:
    void SetUp() override {
        auto opened = Database::open(facts_, {}, {});
        ASSERT_TRUE(opened);
        database_ = std::move(*opened);
    }
    // One cell as text; "null", or "error: ...".
    std::string value(std::string_view expression) {
        const auto set = database_->run("select " + std::string(expression));
        if (!set) return "error: " + set.error().message;
        const tables::Cell& cell = set->rows.at(0).at(0);
        if (const auto* text = std::get_if<std::string>(&cell)) return *text;
        if (const auto* integer = std::get_if<std::int64_t>(&cell)) return std::to_string(*integer);
        return "null";
    }

    world::FakeReader reader_;
    world::World world_{reader_, 1};
    tables::Facts facts_{world_};
    std::unique_ptr<Database> database_;
};

TEST_F(SqlFunctions, regexp_finds_anywhere_and_knows_null) {
    EXPECT_EQ(value("'registry.example/app:1' regexp 'app:[0-9]+$'"), "1");
    EXPECT_EQ(value("'app' regexp '^x'"), "0");
    EXPECT_EQ(value("'app' not regexp '^x'"), "1");
    EXPECT_EQ(value("null regexp 'a'"), "null");
    EXPECT_EQ(value("'a' regexp null"), "null");
    EXPECT_EQ(value("'' regexp ''"), "1");
}

TEST_F(SqlFunctions, regexp_tells_of_a_broken_pattern_and_refuses_a_hungry_one) {
    EXPECT_THAT(value("'a' regexp '('"), HasSubstr("error: SQL: regexp: missing )"));
    EXPECT_THAT(value("'a' regexp '(a{1000}){1000}'"), HasSubstr("error: SQL: regexp:"));
}

TEST_F(SqlFunctions, regexp_takes_linear_time) { EXPECT_EQ(value("regexp('^(a+)+$', replace(hex(zeroblob(5000)), '0', 'a') || 'b')"), "0"); }

TEST_F(SqlFunctions, regexp_uses_the_pattern_of_each_row) {
    const auto set = database_->run("select value regexp value, 'b' regexp value from json_each('[\"a\",\"b\",\"a\"]')");
    ASSERT_TRUE(set);
    ASSERT_EQ(set->rows.size(), 3U);
    for (std::size_t i = 0; i < 3; ++i) {
        EXPECT_EQ(std::get<std::int64_t>(set->rows[i][0]), 1);
        EXPECT_EQ(std::get<std::int64_t>(set->rows[i][1]), i == 1 ? 1 : 0);
    }
}

TEST_F(SqlFunctions, evidence_is_json_that_nests) {
    reader_.set("file:/a\"b", "x");
    world_.read(world::file_at("/a\"b"));
    EXPECT_EQ(value("evidence('file:/a\"b', 'said \"no\"')"), R"({"source":"file","locator":"file:/a\"b","value":"said \"no\"","read_at":1700000000000})");
    EXPECT_EQ(value("json_array(evidence('file:/a\"b', 1)) ->> '$[0].value'"), "1");
    EXPECT_EQ(value("evidence('file:/never', null) ->> '$.read_at'"), "0") << "what was not read in this run says so";
    EXPECT_EQ(value("evidence(null, 'x')"), "null");
    EXPECT_EQ(value("json_valid(evidence('file:/x', cast(x'ff00' as text)))"), "1");
}

TEST_F(SqlFunctions, prefixes_of_both_families) {
    EXPECT_EQ(value("prefix_overlaps('10.0.0.0/8', '10.1.0.0/16')"), "1");
    EXPECT_EQ(value("prefix_overlaps('10.0.0.0/8', 'fd00::/8')"), "0");
    EXPECT_EQ(value("prefix_contains('fd00::/8', 'fd00::1')"), "1");
    EXPECT_EQ(value("prefix_contains('10.0.0.0/8', '11.0.0.0')"), "0");
    EXPECT_EQ(value("prefix_contains('0.0.0.0/0', '192.0.2.1')"), "1");
}

TEST_F(SqlFunctions, what_is_no_address_is_null_and_not_false) {
    for (const char* expression :
         {"prefix_overlaps('10.0.0.0/33', '10.0.0.0/8')", "prefix_overlaps(null, '10.0.0.0/8')", "prefix_contains('x', '10.0.0.1')",
          "prefix_contains('10.0.0.0/8', '')", "is_loopback('localhost')", "is_loopback(null)", "is_wildcard('*')", "is_wildcard(x'00')"}) {
        EXPECT_EQ(value(expression), "null") << expression;
    }
}

TEST_F(SqlFunctions, loopback_and_wildcard) {
    EXPECT_EQ(value("is_loopback('127.0.0.53')"), "1");
    EXPECT_EQ(value("is_loopback('::1')"), "1");
    EXPECT_EQ(value("is_wildcard('::')"), "1");
    EXPECT_EQ(value("is_wildcard('0.0.0.0')"), "1");
    EXPECT_EQ(value("is_wildcard('192.0.2.1')"), "0");
}

TEST_F(SqlFunctions, param_is_what_this_statement_was_given) {
    const std::string_view sql = "select param('a') || param('b')";
    const auto one = database_->run(sql, {{"a", "x"}, {"b", "y'"}});
    const auto other = database_->run(sql, {{"a", "z"}, {"b", ""}});
    ASSERT_TRUE(one && other);
    EXPECT_EQ(std::get<std::string>(one->rows[0][0]), "xy'");
    EXPECT_EQ(std::get<std::string>(other->rows[0][0]), "z");
    EXPECT_THAT(value("param('a')"), HasSubstr("param: there is no parameter 'a'")) << "nothing is left of the statement before";
    EXPECT_THAT(value("param(null)"), HasSubstr("error: "));
}

TEST_F(SqlFunctions, octal_reads_permissions_and_nothing_else) {
    EXPECT_EQ(value("octal('0644')"), "420");
    EXPECT_EQ(value("octal('644') & octal('22')"), "0");
    EXPECT_EQ(value("octal('8')"), "null");
    EXPECT_EQ(value("octal('')"), "null");
    EXPECT_EQ(value("octal(null)"), "null");
}

TEST_F(SqlFunctions, as_of_ms_is_the_worlds_moment) { EXPECT_EQ(value("as_of_ms()"), "1700000000000"); }

TEST_F(SqlFunctions, an_ipv4_address_inside_ipv6_is_the_ipv4_address) {
    EXPECT_EQ(value("is_wildcard('::ffff:0.0.0.0')"), "1");
    EXPECT_EQ(value("is_loopback('::ffff:127.0.0.1')"), "1");
    EXPECT_EQ(value("is_loopback('::ffff:192.0.2.1')"), "0");
    EXPECT_EQ(value("prefix_contains('192.0.2.0/24', '::ffff:192.0.2.1')"), "1");
    EXPECT_EQ(value("prefix_overlaps('::/0', '192.0.2.0/24')"), "0");
}

}  // namespace
}  // namespace bulkhead::sql
