// SPDX-License-Identifier: Apache-2.0
// The database over tables of the test's own: what may be asked, the bounds, and that an index never changes an answer.
#include "sql/database.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <thread>

#include "world/testing/fake_reader.h"

namespace bulkhead::sql {
namespace {

using tables::Cell;
using tables::Scan;
using tables::Table;
using tables::Type;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

struct Row {
    Cell text, integer, real, boolean;
};

// Every column holds what its type may hold and what it should not: rows come from outside.
Table mixed() {
    const auto column = [](std::string name, Type type, Cell Row::* member) {
        return tables::Column<Row>{name, type, "test", [member](const Row& row) { return row.*member; }};
    };
    return tables::make_table<Row>(
        {.name = "mixed",
         .help = "test",
         .columns = {column("t", Type::text, &Row::text), column("i", Type::integer, &Row::integer), column("r", Type::real, &Row::real),
                     column("b", Type::boolean, &Row::boolean)},
         .rows = [](Scan&) {
             return std::vector<Row>{
                 {"123", 123, 1.5, 1},     {"abc", 0, 0.0, 0}, {"ABC", -1, -0.0, 1}, {"", Cell{}, Cell{}, Cell{}}, {Cell{}, 9007199254740993, 1e300, 0},
                 {" 123 ", 124, 123.0, 1}, {"1.5", 1, 2.0, 1}};
         }});
}

// The rows of `where k = ...` only; counts how often it is read, and for what.
Table keyed(std::vector<std::string>& reads) {
    return tables::make_table<std::string>({.name = "keyed",
                                            .help = "test",
                                            .columns = {{"k", Type::text, "key", [](const std::string& row) { return tables::cell(row); }}},
                                            .keys = {"k"},
                                            .rows = [&reads](Scan& scan) {
                                                reads.push_back(scan.wanted("k").value_or("*"));
                                                return scan.wanted("k") ? std::vector{*scan.wanted("k")} : std::vector<std::string>{"a", "b", "c"};
                                            }});
}

Table required(std::vector<std::string>& reads) {
    return tables::make_table<std::string>({.name = "argued",
                                            .help = "test",
                                            .columns = {{"path", Type::text, "argument", [](const std::string& row) { return tables::cell(row); }},
                                                        {"length", Type::integer, "of it", [](const std::string& row) { return tables::cell(row.size()); }}},
                                            .required = {"path"},
                                            .rows = [&reads](Scan& scan) {
                                                reads.push_back(*scan.wanted("path"));
                                                if (reads.back() == "fails") scan.failed("file:fails", "test");
                                                return std::vector{reads.back()};
                                            }});
}

// Rows of a time, which may be bounded.
Table timed(std::vector<std::string>& reads) {
    return tables::make_table<std::string>({.name = "timed",
                                            .help = "test",
                                            .columns = {{"time", Type::text, "time", [](const std::string& row) { return tables::cell(row); }},
                                                        {"k", Type::text, "key", [](const std::string&) { return tables::cell("a"); }}},
                                            .keys = {"k"},
                                            .rows =
                                                [&reads](Scan& scan) {
                                                    reads.push_back(scan.wanted("time>=").value_or("*") + " to " + scan.wanted("time<=").value_or("*") +
                                                                    " of " + scan.wanted("k").value_or("*"));
                                                    return std::vector<std::string>{"2026-01-01", "2026-01-02", "2026-01-03"};
                                                },
                                            .ranges = {"time"}});
}

class Sql : public testing::Test {
  protected:
    void open(Limits limits = {}, Database::Use use = Database::Use::query) {
        auto opened = Database::open(facts_, {mixed(), keyed(reads_), required(reads_), timed(reads_)}, limits, use);
        ASSERT_TRUE(opened) << opened.error().message;
        database_ = std::move(*opened);
    }
    void SetUp() override { open(); }
    // The cells of the first column as text; "error: ..." when it fails.
    std::vector<std::string> first(std::string_view sql) {
        const auto set = database_->run(sql);
        if (!set) return {"error: " + set.error().message};
        std::vector<std::string> cells;
        for (const auto& row : set->rows) {
            if (const auto* text = std::get_if<std::string>(&row[0]))
                cells.push_back(*text);
            else if (const auto* integer = std::get_if<std::int64_t>(&row[0]))
                cells.push_back(std::to_string(*integer));
            else if (const auto* real = std::get_if<double>(&row[0]))
                cells.push_back(fmt::format("{}", *real));
            else
                cells.emplace_back("null");
        }
        return cells;
    }
    Error error_of(std::string_view sql) {
        const auto set = database_->run(sql);
        EXPECT_FALSE(set) << sql;
        return set ? Error{} : set.error();
    }

    world::FakeReader reader_;
    world::World world_{reader_, 1};
    tables::Facts facts_{world_};
    std::vector<std::string> reads_;
    std::unique_ptr<Database> database_;
};

TEST_F(Sql, bounds_reach_the_table_and_hold_afterwards) {
    EXPECT_EQ(first("select time from timed where time > '2026-01-01' and time <= '2026-01-02'"), std::vector<std::string>{"2026-01-02"});
    EXPECT_EQ(reads_.back(), "2026-01-01 to 2026-01-02 of *");
    EXPECT_EQ(first("select count(*) from timed where time between '2026-01-02' and '2026-01-09' and k = 'a'"), std::vector<std::string>{"2"});
    EXPECT_EQ(reads_.back(), "2026-01-02 to 2026-01-09 of a");
    EXPECT_EQ(first("select count(*) from timed where time >= null"), std::vector<std::string>{"0"});
    EXPECT_EQ(first("select count(*) from timed where '2026-01-03' <= time"), std::vector<std::string>{"1"});
    EXPECT_EQ(reads_.back(), "2026-01-03 to * of *");
    open({}, Database::Use::audit);  // too long to be read whole, in audits too
    EXPECT_EQ(first("select count(*) from timed where time < '2026-01-03' and k = 'a'"), std::vector<std::string>{"2"});
    EXPECT_EQ(reads_.back(), "* to 2026-01-03 of a");
}

TEST_F(Sql, only_reading_is_allowed) {
    for (const char* sql : {"insert into mixed values (1,1,1,1)",
                            "update mixed set t = 1",
                            "delete from mixed",
                            "create table x(y)",
                            "create temp table x(y)",
                            "create view v as select 1",
                            "drop table mixed",
                            "attach ':memory:' as other",
                            "attach '/etc/passwd' as other",
                            "detach main",
                            "vacuum",
                            "vacuum into '/tmp/bulkhead-vacuum'",
                            "pragma journal_mode=wal",
                            "pragma writable_schema=1",
                            "pragma database_list",
                            "begin",
                            "commit",
                            "savepoint s",
                            "analyze",
                            "create virtual table v using mixed",
                            "select load_extension('/tmp/x.so')",
                            "select * from pragma_database_list",
                            "alter table mixed rename to other",
                            "create trigger t after insert on mixed begin select 1; end"}) {
        const Error error = error_of(sql);
        EXPECT_EQ(error.code, Code::invalid_input) << sql << ": " << error.message;
    }
    EXPECT_FALSE(std::ifstream("/tmp/bulkhead-vacuum").good());
    EXPECT_THAT(error_of("create table x(y)").message, HasSubstr("read-only: only select is allowed"));
    EXPECT_THAT(error_of("pragma journal_mode=wal").message, HasSubstr("read-only"));
    EXPECT_THAT(first("select count(*) from mixed"), ElementsAre("7"));
}

TEST_F(Sql, the_pragmas_that_describe_tables_work) { EXPECT_THAT(first("select name from pragma_table_info('keyed')"), ElementsAre("k")); }

TEST_F(Sql, one_statement_at_a_time) {
    EXPECT_THAT(error_of("select 1; select 2").message, HasSubstr("one statement at a time"));
    EXPECT_THAT(error_of("").message, HasSubstr("no statement"));
    EXPECT_THAT(error_of("  -- only words").message, HasSubstr("no statement"));
    EXPECT_THAT(first("select 1; -- done"), ElementsAre("1"));
    EXPECT_THAT(first("select 1 ;\n"), ElementsAre("1"));
}

TEST_F(Sql, a_mistake_is_told_in_sqlites_words) {
    EXPECT_EQ(error_of("select missing from mixed").code, Code::invalid_input);
    EXPECT_THAT(error_of("select missing from mixed").message, HasSubstr("no such column: missing"));
    EXPECT_THAT(error_of("select \"missing\" from mixed").message, HasSubstr("no such column")) << "a misspelt column is never a text";
    EXPECT_THAT(error_of("selekt 1").message, HasSubstr("syntax error"));
}

TEST_F(Sql, a_query_without_end_stops_in_time) {
    open({.time_ms = 50});
    const Error error = error_of("with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n");
    EXPECT_EQ(error.code, Code::limit_exceeded);
    EXPECT_THAT(error.message, HasSubstr("longer than 50 ms"));
    EXPECT_THAT(first("select 1"), ElementsAre("1")) << "the next one has its own time";
}

TEST_F(Sql, more_rows_than_allowed_are_cut_and_it_is_said) {
    open({.rows_max = 3});
    const auto cut = database_->run("select t from mixed");
    ASSERT_TRUE(cut);
    EXPECT_EQ(cut->rows.size(), 3U);
    EXPECT_TRUE(cut->truncated);
    const auto whole = database_->run("select t from mixed limit 3");
    ASSERT_TRUE(whole);
    EXPECT_FALSE(whole->truncated);
}

TEST_F(Sql, memory_is_bounded) {
    open({.memory_bytes_max = 16 << 20});
    const Error error = error_of(
        "select length(group_concat(hex(randomblob(1000)))) from (with recursive n(i) as (select 1 union all select i + 1 from n limit 50000) select * from "
        "n)");
    EXPECT_EQ(error.code, Code::limit_exceeded) << error.message;
    EXPECT_EQ(error_of("select zeroblob(2000000000)").code, Code::limit_exceeded);
    EXPECT_THAT(first("select 1"), ElementsAre("1"));
    open();
}

TEST_F(Sql, is_interrupted_from_another_thread) {
    std::jthread stopper([this] { database_->interrupt(); });
    const Error error = error_of("with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n");
    EXPECT_EQ(error.code, Code::unavailable);
    EXPECT_THAT(first("select 1"), ElementsAre("1"));
}

// The answer with the index is compared with the same condition that no index serves (unary + takes the column's name away, and with it
// its affinity, so a cast puts that back).
TEST_F(Sql, an_index_never_changes_an_answer) {
    const std::pair<std::string, std::string> columns[] = {{"t", "text"}, {"i", "integer"}, {"r", "real"}, {"b", "integer"}};
    for (const auto use : {Database::Use::query, Database::Use::audit}) {
        open({}, use);
        for (const auto& [column, type] : columns) {
            for (const char* value : {"'123'",
                                      "123",
                                      "123.0",
                                      "' 123 '",
                                      "'abc'",
                                      "'ABC'",
                                      "''",
                                      "null",
                                      "0",
                                      "-0.0",
                                      "0.0",
                                      "-1",
                                      "1",
                                      "true",
                                      "'true'",
                                      "'1'",
                                      "1.5",
                                      "'1.5'",
                                      "1e300",
                                      "x'313233'",
                                      "9007199254740993",
                                      "9007199254740992",
                                      "9007199254740993.0",
                                      "'9007199254740993'",
                                      "9223372036854775807",
                                      "-9223372036854775808",
                                      "9e999"}) {
                const std::string indexed = fmt::format("select rowid from mixed where {} = {}", column, value);
                const std::string plain =
                    fmt::format("with m as materialized (select rowid as n, {0} from mixed) select n from m where {0} = {1}", column, value);
                EXPECT_EQ(first(indexed), first(plain)) << indexed;
            }
        }
    }
}

TEST_F(Sql, another_collation_is_left_to_sqlite) {
    EXPECT_THAT(first("select i from mixed where t = 'abc' collate nocase order by i"), ElementsAre("-1", "0"));
    EXPECT_THAT(first("select i from mixed where t collate rtrim = ' 123' order by i"), ElementsAre("124"));
}

TEST_F(Sql, null_equals_nothing_but_is_null) {
    EXPECT_THAT(first("select 1 from mixed where t = null"), IsEmpty());
    EXPECT_THAT(first("select i from mixed where t is null"), ElementsAre("9007199254740993"));
    EXPECT_THAT(first("select count(*) from mixed a join mixed b on a.i = b.i"), ElementsAre("6"));
}

TEST_F(Sql, in_lists_and_or_read_each_value_once) {
    EXPECT_THAT(first("select k from keyed where k in ('x', 'y', 'x') order by k"), ElementsAre("x", "y"));
    EXPECT_THAT(first("select k from keyed where k = 'x' or k = 'z' order by k"), ElementsAre("x", "z"));
    std::ranges::sort(reads_);
    EXPECT_THAT(reads_, ElementsAre("x", "y", "z"));
}

TEST_F(Sql, a_table_is_read_once_in_an_audit) {
    open({}, Database::Use::audit);
    for (int i = 0; i < 3; ++i) {
        EXPECT_THAT(first("select k from keyed"), ElementsAre("a", "b", "c"));
        EXPECT_THAT(first("select k from keyed where k = 'b'"), ElementsAre("b"));
        EXPECT_THAT(first("select k from keyed where k = 'x'"), IsEmpty());
    }
    EXPECT_THAT(reads_, ElementsAre("*"));
}

TEST_F(Sql, a_missing_argument_says_what_to_add) {
    for (const char* sql : {"select * from argued", "select * from argued where length = 3", "select * from argued where path > 'a'",
                            "select * from argued where path like '/etc%'"}) {
        EXPECT_THAT(error_of(sql).message, HasSubstr("table argued needs a path: add `where path = '...'`")) << sql;
    }
    EXPECT_THAT(reads_, IsEmpty());
}

TEST_F(Sql, arguments_come_from_values_lists_and_joins) {
    EXPECT_THAT(first("select length from argued where path = '/etc'"), ElementsAre("4"));
    EXPECT_THAT(first("select length from argued where path in ('/a', '/ab') order by 1"), ElementsAre("2", "3"));
    EXPECT_THAT(first("select a.path from keyed k join argued a on a.path = k.k order by 1"), ElementsAre("a", "b", "c"));
    EXPECT_THAT(first("select a.path from argued a join keyed k on a.path = k.k order by 1"), ElementsAre("a", "b", "c"))
        << "whatever the order they are written in";
    EXPECT_THAT(first("select (select length from argued where path = k) from keyed"), ElementsAre("1", "1", "1"));
    EXPECT_THAT(first("select path from argued where path = null"), IsEmpty());
    EXPECT_THAT(first("select path from argued where path = 5"), ElementsAre("5"));
}

TEST_F(Sql, failures_of_sources_belong_to_the_statement_that_met_them) {
    const auto failed = database_->run("select * from argued where path in ('fails', 'fails', 'works')");
    ASSERT_TRUE(failed);
    ASSERT_EQ(failed->failures.size(), 1U);
    EXPECT_EQ(failed->failures[0].locator, "file:fails");
    EXPECT_THAT(database_->run("select * from argued where path = 'works'")->failures, IsEmpty());
    EXPECT_EQ(database_->run("select * from argued where path = 'fails'")->failures.size(), 1U) << "also when answered from memory";
}

TEST_F(Sql, text_with_zero_bytes_and_broken_utf8_stays_whole) {
    const auto set = database_->run("select cast(x'610062ff' as text)");
    ASSERT_TRUE(set);
    EXPECT_EQ(std::get<std::string>(set->rows[0][0]), std::string("a\0b\xFF", 4));
}

}  // namespace
}  // namespace bulkhead::sql
