// SPDX-License-Identifier: Apache-2.0
#include "history/index_reader.h"

#include <fmt/format.h>

#include <algorithm>

#include "history/schema.h"

namespace bulkhead::history {

namespace {

constexpr std::int64_t minute_s = 60, hour_s = 3600;
constexpr std::int64_t part_s = 24 * hour_s;                     // what one short transaction sums up
constexpr UnixMs latest_ms = std::int64_t{253'402'300'799'000};  // the year 9999

struct Times {
    std::int64_t since_s, until_s;  // until: included
};

Times clamped(UnixMs since, UnixMs until) { return {std::clamp<UnixMs>(since, 0, latest_ms) / 1000, std::clamp<UnixMs>(until, 0, latest_ms) / 1000}; }

std::int64_t down_to(std::int64_t value, std::int64_t unit) { return value / unit * unit; }
std::int64_t up_to(std::int64_t value, std::int64_t unit) { return down_to(value + unit - 1, unit); }

template <class Take>
Result<void> each_row(const Database& database, const SqliteStatement& statement, const Take& take) {
    int result = sqlite3_step(statement.get());
    for (; result == SQLITE_ROW; result = sqlite3_step(statement.get())) take(statement.get());
    if (result != SQLITE_DONE) return std::unexpected(database.error());
    return {};
}

template <class Take>
Result<void> each_between(Database& database, std::string_view sql, std::int64_t first, std::int64_t second, const Take& take) {
    auto statement = database.prepare(sql);
    if (!statement) return std::unexpected(statement.error());
    sqlite3_bind_int64(statement->get(), 1, first);
    sqlite3_bind_int64(statement->get(), 2, second);
    return each_row(database, *statement, take);
}

flow::Identity identity_at(sqlite3_stmt* row, int column) {
    flow::Identity identity;
    const std::int64_t who = integer_at(row, column);
    identity.who = who < 0 || who > static_cast<int>(flow::Who::external) ? flow::Who::unknown : static_cast<flow::Who>(who);
    identity.project = text_at(row, column + 1);
    identity.service = text_at(row, column + 2);
    identity.container = text_at(row, column + 3);
    identity.network = text_at(row, column + 4);
    identity.node = text_at(row, column + 5);
    return identity;
}

}  // namespace

Result<IndexReader> IndexReader::open(const std::string& path) {
    auto database = Database::open_to_read(path);
    if (!database) return std::unexpected(database.error());
    if (auto format = database->format(); !format) return std::unexpected(format.error().in(path));
    return IndexReader(std::move(*database));
}

Result<void> IndexReader::add_sums(const char* table, std::int64_t from_s, std::int64_t until_s, SumsByPair& sums) {
    auto oldest = database_.number(fmt::format("select min(time_s) from {}", table));
    auto newest = database_.number(fmt::format("select max(time_s) from {}", table));
    if (!oldest || !newest) return std::unexpected(database_.error());
    from_s = std::max(from_s, *oldest);
    until_s = std::min(until_s, *newest + 1);
    const std::string sql = fmt::format(
        "select pair, sum(flows), sum(errors), sum(packets_to_destination), sum(packets_to_source), sum(bytes_to_destination), "
        "sum(bytes_to_source) from {} where time_s >= ?1 and time_s < ?2 group by pair",
        table);
    for (; from_s < until_s; from_s += part_s) {
        auto read = each_between(database_, sql, from_s, std::min(from_s + part_s, until_s), [&](sqlite3_stmt* row) {
            Sum& sum = sums[integer_at(row, 0)];
            int column = 1;
            for (std::int64_t* field :
                 {&sum.flows, &sum.errors, &sum.packets_to_destination, &sum.packets_to_source, &sum.bytes_to_destination, &sum.bytes_to_source})
                *field += integer_at(row, column++);
        });
        if (!read) return read;
    }
    return {};
}

Result<std::vector<Edge>> IndexReader::named(const SumsByPair& sums) {
    auto statement = database_.prepare(
        "select p.protocol, p.port, p.l7_name, p.first_ms, p.last_ms, s.who, s.project, s.service, s.container, s.network, "
        "s.node, d.who, d.project, d.service, d.container, d.network, d.node from pair p join identity s on s.id = p.source "
        "join identity d on d.id = p.destination where p.id = ?1");
    if (!statement) return std::unexpected(statement.error());
    std::vector<Edge> edges;
    for (const auto& [pair, sum] : sums) {
        sqlite3_bind_int64(statement->get(), 1, pair);
        auto read = each_row(database_, *statement, [&](sqlite3_stmt* row) {
            Edge& edge = edges.emplace_back();
            edge.protocol = static_cast<std::uint8_t>(integer_at(row, 0));
            if (const std::int64_t port = integer_at(row, 1); port >= 0) edge.port = static_cast<std::uint16_t>(port);
            edge.l7_name = text_at(row, 2);
            edge.first_seen_ms = integer_at(row, 3);
            edge.last_seen_ms = integer_at(row, 4);
            edge.source = identity_at(row, 5);
            edge.destination = identity_at(row, 11);
            edge.flows = static_cast<std::uint64_t>(sum.flows);
            edge.errors = static_cast<std::uint64_t>(sum.errors);
            edge.packets_to_destination = static_cast<std::uint64_t>(sum.packets_to_destination);
            edge.packets_to_source = static_cast<std::uint64_t>(sum.packets_to_source);
            edge.bytes_to_destination = static_cast<std::uint64_t>(sum.bytes_to_destination);
            edge.bytes_to_source = static_cast<std::uint64_t>(sum.bytes_to_source);
        });
        sqlite3_reset(statement->get());
        if (!read) return std::unexpected(read.error());
    }
    return edges;
}

// Whole hours by their sums, what is left at both ends by minutes, where those are still there.
Result<std::vector<Edge>> IndexReader::edges(UnixMs since, UnixMs until) {
    const auto [since_s, until_s] = clamped(since, until);
    const std::int64_t begin = down_to(since_s, minute_s);
    const std::int64_t end = down_to(until_s, minute_s) + minute_s;  // not included
    auto oldest = database_.number("select ifnull(min(time_s), 9223372036854775807) from minute");
    if (!oldest) return std::unexpected(oldest.error());
    const bool minutes_at_begin = begin >= *oldest || begin % hour_s == 0;
    const std::int64_t first_hour = minutes_at_begin ? up_to(begin, hour_s) : down_to(begin, hour_s);
    const std::int64_t last_hour = down_to(end, hour_s);
    SumsByPair sums;
    if (first_hour >= last_hour) {
        const bool minutes = begin >= *oldest;
        auto added = minutes ? add_sums("minute", begin, end, sums) : add_sums("hour", down_to(begin, hour_s), end, sums);
        if (!added) return std::unexpected(added.error());
        return named(sums);
    }
    const bool minutes_at_end = last_hour >= *oldest || end == last_hour;
    const auto tail = minutes_at_end ? std::tuple{"minute", last_hour, end} : std::tuple{"hour", last_hour, up_to(end, hour_s)};
    for (const auto& [table, from, to] : {std::tuple{"minute", begin, first_hour}, {"hour", first_hour, last_hour}, tail}) {
        if (auto added = add_sums(table, from, to, sums); !added) return std::unexpected(added.error());
    }
    return named(sums);
}

Result<Coverage> IndexReader::coverage(UnixMs since, UnixMs until) {
    Coverage coverage;
    auto read = each_between(database_, "select from_ms, until_ms from watch where until_ms >= ?1 and from_ms <= ?2 order by from_ms", since, until,
                             [&](sqlite3_stmt* row) {
                                 const Interval seen{std::max(integer_at(row, 0), since), std::min(integer_at(row, 1), until)};
                                 if (!coverage.watched.empty() && seen.from_ms <= coverage.watched.back().until_ms) {
                                     coverage.watched.back().until_ms = std::max(coverage.watched.back().until_ms, seen.until_ms);
                                 } else {
                                     coverage.watched.push_back(seen);
                                 }
                             });
    if (!read) return std::unexpected(read.error());
    read = each_between(
        database_, "select from_ms, until_ms, cause, place, count, detail from blind_spot where until_ms >= ?1 and from_ms <= ?2 order by from_ms", since,
        until, [&](sqlite3_stmt* row) {
            coverage.blind.push_back({integer_at(row, 0), integer_at(row, 1), text_at(row, 2), text_at(row, 3), integer_at(row, 4), text_at(row, 5)});
        });
    if (!read) return std::unexpected(read.error());
    return coverage;
}

Result<std::vector<ContainerEvent>> IndexReader::containers(UnixMs since, UnixMs until) {
    std::vector<ContainerEvent> events;
    auto read = each_between(database_,
                             "select time_ms, what, container_id, container, image, project, service, ifnull(exit_code, -1), inspect from container "
                             "where time_ms >= ?1 and time_ms <= ?2 order by time_ms, id",
                             since, until, [&](sqlite3_stmt* row) {
                                 ContainerEvent& event = events.emplace_back();
                                 event.time_ms = integer_at(row, 0);
                                 event.what = text_at(row, 1) == "born" ? ContainerEvent::What::born : ContainerEvent::What::died;
                                 int column = 2;
                                 for (std::string* field : {&event.container_id, &event.container, &event.image, &event.project, &event.service})
                                     *field = text_at(row, column++);
                                 event.exit_code = static_cast<int>(integer_at(row, 7));
                                 event.inspect = text_at(row, 8);
                             });
    if (!read) return std::unexpected(read.error());
    return events;
}

Result<std::vector<DatapathCounters>> IndexReader::counters(UnixMs since, UnixMs until) {
    std::vector<DatapathCounters> out;
    auto read = each_between(database_, "select time_ms, source, name, value from counter where time_ms >= ?1 and time_ms <= ?2 order by time_ms, source, name",
                             since, until, [&](sqlite3_stmt* row) {
                                 const UnixMs time = integer_at(row, 0);
                                 const std::string source = text_at(row, 1);
                                 if (out.empty() || out.back().time_ms != time || out.back().source != source) out.push_back({time, source, {}});
                                 out.back().values.emplace_back(text_at(row, 2), static_cast<std::uint64_t>(integer_at(row, 3)));
                             });
    if (!read) return std::unexpected(read.error());
    return out;
}

Result<std::vector<Pruned>> IndexReader::pruned() {
    std::vector<Pruned> out;
    auto read = each_between(
        database_, "select time_ms, from_ms, until_ms, what, rows, cause from pruned where 1 or ?1 or ?2 order by id", 0, 0, [&](sqlite3_stmt* row) {
            out.push_back({integer_at(row, 0), integer_at(row, 1), integer_at(row, 2), text_at(row, 3), integer_at(row, 4), text_at(row, 5)});
        });
    if (!read) return std::unexpected(read.error());
    return out;
}

}  // namespace bulkhead::history
