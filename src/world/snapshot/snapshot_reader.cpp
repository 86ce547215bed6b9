// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <mutex>

#include "base/text.h"
#include "world/live/errno_result.h"
#include "world/snapshot/snapshot.h"
#include "world/snapshot/sqlite_handle.h"
#include "world/snapshot/zlib_bytes.h"

namespace bulkhead::world {

struct SnapshotReader::Store {
    std::mutex mutex;  // guards database and find
    SqliteDatabase database;
    SqliteStatement find;
    std::map<std::string, std::string> meta;
    UnixMs as_of = 0;
};

namespace {

Error not_a_snapshot(const std::string& path, const std::string& why) { return {Code::corrupt, path + " is not a bulkhead snapshot, or is damaged: " + why}; }

// SQLite rounds a file up to whole pages and reads what is missing of the last one as zeros: a cut there would go unseen.
Result<void> check_whole(sqlite3* database, const std::string& path, std::int64_t file_bytes) {
    auto statement = sqlite_prepare(database, "select page_count * page_size from pragma_page_count, pragma_page_size");
    if (!statement) return std::unexpected(not_a_snapshot(path, statement.error().message));
    if (sqlite3_step(statement->get()) != SQLITE_ROW) return std::unexpected(not_a_snapshot(path, sqlite3_errmsg(database)));
    if (sqlite3_column_int64(statement->get(), 0) > file_bytes) return std::unexpected(not_a_snapshot(path, "its end is missing"));
    return {};
}

// A snapshot is somebody else's file: its tables must be plain tables, so that reading them runs no code of its author's.
Result<void> check_schema(sqlite3* database, const std::string& path) {
    auto statement = sqlite_prepare(database, "select name, iif(rootpage > 0, type, 'virtual') from sqlite_schema where type <> 'index'");
    if (!statement) return std::unexpected(not_a_snapshot(path, statement.error().message));
    int known = 0;
    int step = SQLITE_ROW;
    while ((step = sqlite3_step(statement->get())) == SQLITE_ROW) {
        const std::string_view name = sqlite_text(statement->get(), 0);
        if (sqlite_text(statement->get(), 1) != "table" || (name != "meta" && name != "reading")) {
            return std::unexpected(not_a_snapshot(path, "it holds something that bulkhead does not write: " + text::printable(name)));
        }
        ++known;
    }
    if (step != SQLITE_DONE) return std::unexpected(not_a_snapshot(path, sqlite3_errmsg(database)));
    if (known != 2) return std::unexpected(not_a_snapshot(path, "its tables are missing"));
    auto computed = sqlite_prepare(
        database, "select 1 from (select hidden from pragma_table_xinfo('reading') union all select hidden from pragma_table_xinfo('meta')) where hidden <> 0");
    if (!computed) return std::unexpected(not_a_snapshot(path, computed.error().message));
    if (sqlite3_step(computed->get()) != SQLITE_DONE) return std::unexpected(not_a_snapshot(path, "a column of it is computed"));
    return {};
}

Result<std::map<std::string, std::string>> read_meta(sqlite3* database, const std::string& path) {
    auto statement = sqlite_prepare(database, "select key, value from meta limit 100");
    if (!statement) return std::unexpected(not_a_snapshot(path, statement.error().message));
    std::map<std::string, std::string> meta;
    int step = SQLITE_ROW;
    while ((step = sqlite3_step(statement->get())) == SQLITE_ROW) {
        meta[std::string(sqlite_text(statement->get(), 0))] = std::string(sqlite_text(statement->get(), 1));
    }
    if (step != SQLITE_DONE) return std::unexpected(not_a_snapshot(path, sqlite3_errmsg(database)));
    return meta;
}

}  // namespace

SnapshotReader::SnapshotReader(std::unique_ptr<Store> store) : store_(std::move(store)) {}
SnapshotReader::~SnapshotReader() = default;
UnixMs SnapshotReader::as_of() const { return store_->as_of; }
const std::map<std::string, std::string>& SnapshotReader::meta() const { return store_->meta; }

Result<std::unique_ptr<SnapshotReader>> SnapshotReader::open(const std::string& path) {
    struct stat info{};
    if (stat(path.c_str(), &info) != 0) return fail_errno(errno, path);
    if (!S_ISREG(info.st_mode)) return fail(Code::invalid_input, path + " is not a file");
    auto store = std::make_unique<Store>();
    sqlite3* database = nullptr;
    const int opened = sqlite3_open_v2(path.c_str(), &database, SQLITE_OPEN_READONLY, nullptr);
    store->database.reset(database);
    if (opened != SQLITE_OK) return fail(Code::permission_denied, "cannot open " + path + ": " + sqlite3_errmsg(database));
    sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    sqlite3_exec(database, "pragma cell_size_check=on", nullptr, nullptr, nullptr);
    if (auto checked = check_whole(database, path, info.st_size); !checked) return std::unexpected(checked.error());
    if (auto checked = check_schema(database, path); !checked) return std::unexpected(checked.error());
    auto meta = read_meta(database, path);
    if (!meta) return std::unexpected(meta.error());
    const auto version = text::to_integer((*meta)["format_version"]);
    const auto as_of = text::to_integer((*meta)["as_of_ms"]);
    if (!version || !as_of) return std::unexpected(not_a_snapshot(path, "format_version or as_of_ms is missing"));
    if (*version > snapshot_format_version) {
        return fail(Code::unsupported, fmt::format("{} was written by a newer bulkhead ({}, format {}; this one reads up to {}): update bulkhead", path,
                                                   text::printable((*meta)["tool_version"]), *version, snapshot_format_version));
    }
    auto find = sqlite_prepare(database, "select outcome, reason, read_at_ms, size, bytes from reading where locator = ?");
    if (!find) return std::unexpected(not_a_snapshot(path, find.error().message));
    store->find = std::move(*find);
    store->meta = std::move(*meta);
    store->as_of = *as_of;
    return std::unique_ptr<SnapshotReader>(new SnapshotReader(std::move(store)));
}

Reading SnapshotReader::read(const Request& request) {
    Reading reading{locator(request), Outcome::failed, "", "not in this snapshot", 0};
    const std::scoped_lock lock(store_->mutex);
    sqlite3_stmt* find = store_->find.get();
    sqlite3_bind_text(find, 1, reading.locator.data(), static_cast<int>(reading.locator.size()), SQLITE_TRANSIENT);
    const int step = sqlite3_step(find);
    if (step == SQLITE_ROW) {
        const auto outcome = parse_outcome(sqlite_text(find, 0));
        const auto size = sqlite3_column_int64(find, 3);
        auto bytes = size < 0 ? Result<std::string>(fail(Code::corrupt, "a damaged reading in the snapshot"))
                              : inflate_bytes(sqlite_blob(find, 4), static_cast<std::size_t>(size));
        reading.read_at = sqlite3_column_int64(find, 2);
        if (outcome && bytes) {
            reading.outcome = *outcome;
            reading.reason = std::string(sqlite_text(find, 1));
            reading.bytes = std::move(*bytes);
        } else {
            reading.reason = !outcome ? outcome.error().message : bytes.error().message;
        }
    } else if (step != SQLITE_DONE) {
        reading.reason = std::string("damaged snapshot: ") + sqlite3_errmsg(store_->database.get());
    }
    sqlite3_reset(find);
    return reading;
}

Result<std::vector<SnapshotReader::Entry>> SnapshotReader::entries() {
    const std::scoped_lock lock(store_->mutex);
    auto statement = sqlite_prepare(store_->database.get(), "select locator, outcome, size, read_at_ms, reason from reading order by locator");
    if (!statement) return std::unexpected(statement.error());
    std::vector<Entry> entries;
    int step = SQLITE_ROW;
    while ((step = sqlite3_step(statement->get())) == SQLITE_ROW) {
        sqlite3_stmt* row = statement->get();
        const auto outcome = parse_outcome(sqlite_text(row, 1));
        entries.push_back({std::string(sqlite_text(row, 0)), outcome ? *outcome : Outcome::failed, sqlite3_column_int64(row, 2), sqlite3_column_int64(row, 3),
                           std::string(sqlite_text(row, 4))});
    }
    if (step != SQLITE_DONE) return fail(Code::corrupt, std::string("damaged snapshot: ") + sqlite3_errmsg(store_->database.get()));
    return entries;
}

}  // namespace bulkhead::world
