// SPDX-License-Identifier: Apache-2.0
#include "history/index_file.h"

#include <fmt/format.h>

#include "history/schema.h"

namespace bulkhead::history {

namespace {

constexpr std::int64_t minutes_per_hour = 60;

// The one row of a lookup, or 0. Statements that stay open would keep a transaction open.
Result<std::int64_t> found(const SqliteStatement& statement) {
    const int result = sqlite3_step(statement.get());
    const std::int64_t row = result == SQLITE_ROW ? integer_at(statement.get(), 0) : 0;
    const Error error = result == SQLITE_ROW || result == SQLITE_DONE ? Error{} : error_of(sqlite3_db_handle(statement.get()));
    sqlite3_reset(statement.get());
    if (result != SQLITE_ROW && result != SQLITE_DONE) return std::unexpected(error);
    return row;
}

void bind_end(Binder& binder, const PairEnd& end) {
    binder.integer(static_cast<int>(end.who)).text(end.project).text(end.service).text(end.container).text(end.network).text(end.node);
}

Result<void> claim(Database& database) {
    auto format = database.format();
    if (!format && format.error().code != Code::not_found) return std::unexpected(format.error());
    if (!format) {
        const std::string sql =
            fmt::format("begin immediate; {} insert into meta values('format_version', {}), ('kind', 'index'); commit", index_schema, format_version);
        auto made = database.run(sql.c_str());
        if (!made) (void)database.run("rollback");
        return made;
    }
    return {};
}

}  // namespace

Result<std::unique_ptr<IndexFile>> IndexFile::open(const std::string& path, std::uint64_t bytes_max, UnixMs now) {
    auto database = Database::open_to_write(path, bytes_max);
    if (!database) return std::unexpected(database.error());
    if (auto claimed = claim(*database); !claimed) return std::unexpected(claimed.error().in(path));
    std::unique_ptr<IndexFile> file(new IndexFile(std::move(*database)));
    if (auto prepared = file->prepare(); !prepared) return std::unexpected(prepared.error().in(path));
    auto begun = file->database_.prepare("insert into watch values(null, ?, ?, 0)");
    if (!begun) return std::unexpected(begun.error().in(path));
    if (auto added = Binder(*begun).integer(now).integer(now).step(); !added) return std::unexpected(added.error().in(path));
    file->watch_ = sqlite3_last_insert_rowid(file->database_.handle());
    return file;
}

Result<void> IndexFile::prepare() {
    constexpr std::string_view sums =
        " values(?,?,?,?,?,?,?,?) on conflict do update set flows = flows + excluded.flows, errors = errors + excluded.errors, "
        "packets_to_destination = packets_to_destination + excluded.packets_to_destination, "
        "packets_to_source = packets_to_source + excluded.packets_to_source, "
        "bytes_to_destination = bytes_to_destination + excluded.bytes_to_destination, "
        "bytes_to_source = bytes_to_source + excluded.bytes_to_source";
    Statements& all = statements_;
    const std::pair<SqliteStatement*, std::string> list[] = {
        {&all.add_identity, "insert into identity values(null,?,?,?,?,?,?)"},
        {&all.find_identity, "select id from identity where who=? and project=? and service=? and container=? and network=? and node=?"},
        {&all.add_pair, "insert into pair values(null,?,?,?,?,?,null,null)"},
        {&all.find_pair, "select id from pair where source=? and destination=? and protocol=? and port=? and l7_name=?"},
        {&all.touch_pair, "update pair set first_ms = min(ifnull(first_ms, ?1), ?1), last_ms = max(ifnull(last_ms, ?2), ?2) where id = ?3"},
        {&all.minute, fmt::format("insert into minute{}", sums)},
        {&all.hour, fmt::format("insert into hour{}", sums)},
        {&all.container, "insert into container values(null,?,?,?,?,?,?,?,?,?)"},
        {&all.blind, "insert into blind_spot values(null,?,?,?,?,?,?)"},
        {&all.counter, "insert or replace into counter values(?,?,?,?)"},
        {&all.watch, "update watch set until_ms = max(until_ms, ?), closed = ? where id = ?"},
    };
    for (const auto& [statement, sql] : list) {
        auto prepared = database_.prepare(sql);
        if (!prepared) return std::unexpected(prepared.error());
        *statement = std::move(*prepared);
    }
    return {};
}

Result<std::int64_t> IndexFile::row_of(const PairEnd& end) {
    Binder wanted(statements_.find_identity);
    bind_end(wanted, end);
    auto known = found(statements_.find_identity);
    if (!known || *known != 0) return known;
    Binder binder(statements_.add_identity);
    bind_end(binder, end);
    if (auto added = binder.step(); !added) return std::unexpected(added.error());
    return sqlite3_last_insert_rowid(database_.handle());
}

Result<std::int64_t> IndexFile::row_of(const Pair& pair) {
    auto source = row_of(pair.source);
    if (!source) return source;
    auto destination = row_of(pair.destination);
    if (!destination) return destination;
    const auto bind = [&](const SqliteStatement& statement) {
        Binder binder(statement);
        binder.integer(*source).integer(*destination).integer(pair.protocol).integer(pair.port).text(pair.l7_name);
        return binder;
    };
    (void)bind(statements_.find_pair);
    auto known = found(statements_.find_pair);
    if (!known || *known != 0) return known;
    if (auto added = bind(statements_.add_pair).step(); !added) return std::unexpected(added.error());
    return sqlite3_last_insert_rowid(database_.handle());
}

Result<void> IndexFile::write_sums(Sums& sums, std::vector<std::uint32_t>& given) {
    std::vector<Pair>& pairs = sums.pairs();
    for (const Sums::Entry& entry : sums.entries()) {
        Pair& pair = pairs[entry.pair];
        if (pair.row == 0) {
            auto row = row_of(pair);
            if (!row) return std::unexpected(row.error());
            pair.row = *row;
            given.push_back(entry.pair);
        }
        for (const auto& [statement, time] :
             {std::pair{&statements_.minute, entry.minute * 60}, {&statements_.hour, entry.minute / minutes_per_hour * minutes_per_hour * 60}}) {
            auto added = Binder(*statement)
                             .integer(time)
                             .integer(pair.row)
                             .integer(entry.sum.flows)
                             .integer(entry.sum.errors)
                             .integer(entry.sum.packets_to_destination)
                             .integer(entry.sum.packets_to_source)
                             .integer(entry.sum.bytes_to_destination)
                             .integer(entry.sum.bytes_to_source)
                             .step();
            if (!added) return added;
        }
        if (auto touched = Binder(statements_.touch_pair).integer(pair.first_ms).integer(pair.last_ms).integer(pair.row).step(); !touched) return touched;
    }
    return {};
}

Result<void> IndexFile::write_events(const IndexBatch& batch) {
    for (const ContainerEvent& event : batch.containers) {
        auto added = Binder(statements_.container)
                         .integer(event.time_ms)
                         .text(name(event.what))
                         .text(event.container_id)
                         .text(event.container)
                         .text_or_null(event.image)
                         .text_or_null(event.project)
                         .text_or_null(event.service)
                         .integer_or_null(event.exit_code, -1)
                         .text_or_null(event.inspect)
                         .step();
        if (!added) return added;
    }
    for (const BlindSpot& spot : batch.blind) {
        auto added = Binder(statements_.blind)
                         .integer(spot.from_ms)
                         .integer(spot.until_ms)
                         .text(spot.cause)
                         .text_or_null(spot.place)
                         .integer(spot.count)
                         .text_or_null(spot.detail)
                         .step();
        if (!added) return added;
    }
    for (const DatapathCounters& counters : batch.counters) {
        for (const auto& [name, value] : counters.values) {
            auto added =
                Binder(statements_.counter).integer(counters.time_ms).text(counters.source).text(name).integer(static_cast<std::int64_t>(value)).step();
            if (!added) return added;
        }
    }
    return {};
}

Result<void> IndexFile::write_all(Sums& sums, const IndexBatch& batch, UnixMs now, std::vector<std::uint32_t>& given) {
    if (auto begun = database_.run("begin immediate"); !begun) return begun;
    if (auto written = write_sums(sums, given); !written) return written;
    if (auto written = write_events(batch); !written) return written;
    if (auto kept = Binder(statements_.watch).integer(now).integer(0).integer(watch_).step(); !kept) return kept;
    return database_.run("commit");
}

Result<void> IndexFile::write(Sums& sums, IndexBatch& batch, UnixMs now) {
    std::vector<std::uint32_t> given;
    auto written = write_all(sums, batch, now, given);
    if (!written) {
        if (sqlite3_get_autocommit(database_.handle()) == 0) (void)database_.run("rollback");
        for (const std::uint32_t number : given) sums.pairs()[number].row = 0;
        return written;
    }
    sums.written();
    batch = {};
    return {};
}

Result<void> IndexFile::end_watch(UnixMs now) { return Binder(statements_.watch).integer(now).integer(1).integer(watch_).step(); }

Result<void> IndexFile::note_pruned(const Pruned& pruned) {
    auto statement = database_.prepare("insert into pruned values(null,?,?,?,?,?,?)");
    if (!statement) return std::unexpected(statement.error());
    return Binder(*statement)
        .integer(pruned.time_ms)
        .integer(pruned.from_ms)
        .integer(pruned.until_ms)
        .text(pruned.what)
        .integer(pruned.rows)
        .text(pruned.cause)
        .step();
}

Result<std::int64_t> IndexFile::prune(const std::string& what, UnixMs before, const std::string& cause, UnixMs now) {
    struct Kind {
        std::string_view what, table, column;
        std::int64_t unit_ms;
    };
    constexpr Kind kinds[] = {{"minutes", "minute", "time_s", 1000},        {"hours", "hour", "time_s", 1000},
                              {"containers", "container", "time_ms", 1},    {"counters", "counter", "time_ms", 1},
                              {"blind_spots", "blind_spot", "until_ms", 1}, {"watches", "watch", "until_ms", 1}};
    const Kind* kind = nullptr;
    for (const Kind& one : kinds) {
        if (one.what == what) kind = &one;
    }
    if (kind == nullptr) return fail(Code::internal, "nothing of that name is pruned: " + what);
    auto oldest = database_.number(fmt::format("select min({}) from {}", kind->column, kind->table));
    if (!oldest) return oldest;
    if (*oldest == 0 || *oldest * kind->unit_ms >= before) return 0;
    const std::string sql = fmt::format("delete from {} where {} < {}", kind->table, kind->column, before / kind->unit_ms);
    if (auto done = database_.run(sql.c_str()); !done) return std::unexpected(done.error());
    const std::int64_t rows = sqlite3_changes64(database_.handle());
    if (auto noted = note_pruned({now, *oldest * kind->unit_ms, before, what, rows, cause}); !noted) return std::unexpected(noted.error());
    return rows;
}

Result<std::uint64_t> IndexFile::bytes() {
    auto pages = database_.number("pragma page_count");
    auto free = database_.number("pragma freelist_count");
    auto size = database_.number("pragma page_size");
    if (!pages || !free || !size) return std::unexpected(database_.error());
    return static_cast<std::uint64_t>((*pages - *free) * *size);
}

Result<UnixMs> IndexFile::oldest_minute() {
    auto seconds = database_.number("select min(time_s) from minute");
    if (!seconds) return seconds;
    return *seconds * 1000;
}

Result<UnixMs> IndexFile::oldest_hour() {
    auto seconds = database_.number("select min(time_s) from hour");
    if (!seconds) return seconds;
    return *seconds * 1000;
}

}  // namespace bulkhead::history
