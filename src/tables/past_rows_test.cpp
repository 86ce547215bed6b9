// SPDX-License-Identifier: Apache-2.0
#include "tables/past_rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tables/catalog.h"
#include "world/testing/fake_reader.h"

namespace bulkhead::tables {
namespace {

using testing::Contains;
using testing::IsEmpty;
using testing::SizeIs;

Table table_named(const std::string& name) {
    for (Table& table : catalog()) {
        if (table.name == name) return table;
    }
    ADD_FAILURE() << name;
    return {};
}

struct Past {
    world::FakeReader reader;
    std::vector<SourceFailure> failures;
    std::vector<std::vector<Cell>> rows(const std::string& name, std::map<std::string, std::string> wanted = {}) {
        world::World world(reader, 1);
        Facts facts(world);
        Scan scan(facts, std::move(wanted));
        const Table table = table_named(name);
        const RowSet set = table.rows(scan);
        failures = scan.failures();
        std::vector<std::vector<Cell>> out(set.size);
        for (std::size_t row = 0; row < set.size; ++row) {
            for (std::size_t column = 0; column < table.columns.size(); ++column) out[row].push_back(set.at(row, column));
        }
        return out;
    }
};

const std::vector<std::string> all = {"flow", "edge", "dns_query", "http_request", "tls_session", "container_history", "datapath_stats", "blind_spot"};

// Silence and ignorance are two things.
TEST(PastRows, a_history_that_cannot_be_read_is_no_empty_one) {
    for (const std::string& name : all) {
        for (const auto outcome : {world::Outcome::failed, world::Outcome::denied, world::Outcome::absent}) {
            Past past;
            past.reader.set_outcome("history:" + name, outcome, "no history");
            EXPECT_THAT(past.rows(name), IsEmpty());
            EXPECT_THAT(past.failures, SizeIs(1)) << name << " " << world::name(outcome);
        }
        for (const char* bytes : {"", "{}", "[{]", "rubbish"}) {
            Past past;
            past.reader.set("history:" + name, bytes);
            EXPECT_THAT(past.rows(name), IsEmpty());
            EXPECT_THAT(past.failures, SizeIs(1)) << name << " " << bytes;
        }
        Past empty;
        empty.reader.set("history:" + name, "[\n]");
        EXPECT_THAT(empty.rows(name), IsEmpty());
        EXPECT_THAT(empty.failures, IsEmpty()) << name;
    }
}

TEST(PastRows, hold_what_is_there_and_null_for_what_is_not) {
    Past past;
    past.reader.set("history:edge", R"([{"source_group":"shop/web","port":80,"flows":7},{"flows":"seven","port":null}])");
    const auto rows = past.rows("edge");
    ASSERT_THAT(rows, SizeIs(2));
    EXPECT_THAT(rows[0], Contains(Cell{std::string("shop/web")}));
    EXPECT_THAT(rows[0], Contains(Cell{std::int64_t{80}}));
    EXPECT_THAT(rows[0], Contains(Cell{std::int64_t{7}}));
    EXPECT_EQ(rows[0].back(), Cell{std::string("history:edge")});
    for (std::size_t i = 0; i + 1 < rows[1].size(); ++i) EXPECT_EQ(rows[1][i], Cell{}) << "what has the wrong type is not known";
}

TEST(PastRows, are_asked_for_by_what_the_query_names) {
    Past past;
    past.rows("flow", {{"source_container", "a&b"}, {"end_time<=", "2026-11-22T13:00:00Z"}, {"time>=", "2026-11-22T12:00:00Z"}});
    EXPECT_THAT(past.reader.asked(), Contains("history:flow?since=1795348800000&source_container=a%26b&until=1795352401000"));
    past.rows("dns_query", {{"source_container", "a&b"}, {"time>=", "2026-11-22T12:00:00Z"}, {"time<=", "2026-11-22T13:00:00.5Z"}});
    EXPECT_THAT(past.reader.asked(), Contains("history:dns_query?since=1795348800000&source_container=a%26b&until=1795352401500"));
    past.rows("dns_query", {{"time>=", "soon"}, {"time<=", "2026-11-22"}});
    EXPECT_THAT(past.reader.asked(), Contains("history:dns_query?until=1795392000000"));
}

// SQLite compares times as texts afterwards: what a bound lets through there must have been read.
TEST(PastRows, bounds_leave_out_nothing_that_texts_let_through) {
    const std::vector<UnixMs> times = {1795348799999, 1795348800000, 1795348800001, 1795348800999, 1795348801000, 1795391999999, 1795392000000};
    for (const char* bound : {"2026-11-22T12:00:00Z", "2026-11-22T12:00:00.000Z", "2026-11-22T12:00:00.5Z", "2026-11-22", "2026-11-22 12:00:00",
                              "2026-11-22T12", "2026-11-22T12:00:00+02:00", "2026-11-22T", "2026-1", "x", ""}) {
        for (const UnixMs time : times) {
            const std::string text = rfc3339(time);
            if (text >= bound && least_time(bound)) EXPECT_GE(time, *least_time(bound)) << bound << " " << text;
            if (text <= bound && greatest_time(bound)) EXPECT_LE(time, *greatest_time(bound)) << bound << " " << text;
        }
    }
    EXPECT_EQ(least_time("2026-11-22T12:00:00Z"), std::optional<UnixMs>(1795348800000));
    EXPECT_FALSE(least_time("yesterday"));
}

TEST(PastRows, of_watched_time_are_none_where_nobody_watched) {
    for (const auto& [outcome, reason] : {std::pair{world::Outcome::absent, "no such file"}, std::pair{world::Outcome::failed, "no history is kept here"},
                                          std::pair{world::Outcome::failed, "not in this snapshot"}}) {
        Past past;
        past.reader.set_outcome("history:watched_time", outcome, reason);
        EXPECT_THAT(past.rows("watched_time"), IsEmpty());
        EXPECT_THAT(past.failures, IsEmpty()) << reason;
    }
    Past denied;
    denied.reader.set_outcome("history:watched_time", world::Outcome::denied, "permission denied");
    EXPECT_THAT(denied.rows("watched_time"), IsEmpty());
    EXPECT_THAT(denied.failures, SizeIs(1)) << "somebody may have watched";
    Past watched;
    watched.reader.set("history:watched_time", R"([{"begin_time":"2026-11-22T12:00:00.000Z","end_time":"2026-11-22T13:00:00.000Z","seconds":3600}])");
    EXPECT_THAT(watched.rows("watched_time"), SizeIs(1));
}

}  // namespace
}  // namespace bulkhead::tables
