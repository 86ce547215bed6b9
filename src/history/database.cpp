// SPDX-License-Identifier: Apache-2.0
#include "history/database.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "history/schema.h"

namespace bulkhead::history {

namespace {

constexpr int busy_ms = 2000;
constexpr std::uint64_t page_bytes = 8192;

Result<SqliteDatabase> open(const std::string& path, int flags) {
    sqlite3* raw = nullptr;
    const int result = sqlite3_open_v2(path.c_str(), &raw, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_EXRESCODE, nullptr);
    SqliteDatabase handle(raw);
    if (result != SQLITE_OK) return std::unexpected(error_of(raw).in(path));
    sqlite3_busy_timeout(raw, busy_ms);
    return handle;
}

// A new file is for its owner only; SQLite gives its companions (-wal, -shm) the same mode.
Result<void> make_private(const std::string& path) {
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0) {
        const int reason = errno;
        const bool no_room = reason == ENOSPC || reason == EDQUOT;
        const bool forbidden = reason == EACCES || reason == EPERM || reason == EROFS;
        return fail(no_room     ? Code::limit_exceeded
                    : forbidden ? Code::permission_denied
                                : Code::unavailable,
                    fmt::format("{}: {}", path, std::strerror(reason)));
    }
    ::close(file);
    return {};
}

}  // namespace

Error error_of(sqlite3* handle) {
    if (handle == nullptr) return {Code::unavailable, "no memory for SQLite"};
    const int system = sqlite3_system_errno(handle);
    std::string message = sqlite3_errmsg(handle);
    switch (sqlite3_errcode(handle) & 0xff) {
        case SQLITE_FULL: return {Code::limit_exceeded, "no room: " + message};
        case SQLITE_READONLY:
        case SQLITE_PERM:
        case SQLITE_AUTH: return {Code::permission_denied, message};
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB: return {Code::corrupt, message};
        case SQLITE_CANTOPEN:
            if (system == ENOENT) return {Code::not_found, "there is none"};
            if (system == EACCES || system == EPERM || system == EROFS) return {Code::permission_denied, message};
            return {Code::unavailable, message};
        default:
            if (system == ENOSPC || system == EDQUOT) return {Code::limit_exceeded, "no room: " + message};
            return {Code::unavailable, message};
    }
}

Result<Database> Database::open_to_write(const std::string& path, std::uint64_t bytes_max) {
    if (auto made = make_private(path); !made) return std::unexpected(made.error());
    auto handle = open(path, SQLITE_OPEN_READWRITE);
    if (!handle) return std::unexpected(handle.error());
    Database database(std::move(*handle));
    // NORMAL: what is committed survives the end of the process; after the end of the machine the last seconds may be missing, never more.
    const std::string settings = fmt::format(
        "pragma page_size = {}; pragma journal_mode = wal; pragma synchronous = normal; pragma cache_size = -8192; "
        "pragma max_page_count = {}",
        page_bytes, bytes_max == 0 ? 4294967294ULL : std::max<std::uint64_t>(1, bytes_max / page_bytes));
    if (auto set = database.run(settings.c_str()); !set) return std::unexpected(set.error().in(path));
    return database;
}

Result<Database> Database::open_to_read(const std::string& path) {
    struct stat found{};
    if (::stat(path.c_str(), &found) != 0) {
        const int reason = errno;
        return fail(reason == ENOENT   ? Code::not_found
                    : reason == EACCES ? Code::permission_denied
                                       : Code::unavailable,
                    fmt::format("{}: {}", path, std::strerror(reason)));
    }
    auto handle = open(path, SQLITE_OPEN_READONLY);
    if (!handle) return std::unexpected(handle.error());
    Database database(std::move(*handle));
    sqlite3_db_config(database.handle(), SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(database.handle(), SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    return database;
}

Error Database::error() const { return error_of(handle()); }

Result<void> Database::run(const char* sql) {
    if (sqlite3_exec(handle(), sql, nullptr, nullptr, nullptr) != SQLITE_OK) return std::unexpected(error());
    return {};
}

Result<SqliteStatement> Database::prepare(std::string_view sql) {
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v3(handle(), sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT, &statement, nullptr) != SQLITE_OK)
        return std::unexpected(error());
    return SqliteStatement(statement);
}

Result<std::int64_t> Database::number(std::string_view sql) {
    auto statement = prepare(sql);
    if (!statement) return std::unexpected(statement.error());
    const int result = sqlite3_step(statement->get());
    if (result == SQLITE_ROW) return integer_at(statement->get(), 0);
    if (result == SQLITE_DONE) return 0;
    return std::unexpected(error());
}

Result<std::int64_t> Database::format() {
    auto tables = number("select count(*) from sqlite_master");
    if (!tables) return tables;
    if (*tables == 0) return fail(Code::not_found, "nothing was written to it yet");
    auto version = number("select value from meta where key = 'format_version'");
    if (!version) return fail(Code::corrupt, "no file of a history: " + version.error().message);
    if (*version > format_version) return fail(Code::unsupported, fmt::format("written by a newer bulkhead (format {})", *version));
    return version;
}

Binder& Binder::integer(std::int64_t value) {
    sqlite3_bind_int64(statement_, next_++, value);
    return *this;
}

Binder& Binder::integer_or_null(std::int64_t value, std::int64_t null_value) { return value == null_value ? null() : integer(value); }

// Views of the caller's bytes: they live until step() returns.
Binder& Binder::text(std::string_view value) {
    sqlite3_bind_text(statement_, next_++, value.data() == nullptr ? "" : value.data(), static_cast<int>(value.size()), SQLITE_STATIC);
    return *this;
}

Binder& Binder::text_or_null(std::string_view value) { return value.empty() ? null() : text(value); }

Binder& Binder::address(const packet::Address& mapped) {
    const bool v4 = flow::is_mapped(mapped);
    sqlite3_bind_blob(statement_, next_++, mapped.data() + (v4 ? 12 : 0), v4 ? 4 : 16, SQLITE_STATIC);
    return *this;
}

Binder& Binder::address_or_null(const packet::Address& mapped) { return mapped == packet::Address{} ? null() : address(mapped); }

Binder& Binder::null() {
    sqlite3_bind_null(statement_, next_++);
    return *this;
}

Result<void> Binder::step() {
    int result = sqlite3_step(statement_);
    if (result == SQLITE_DONE) {
        sqlite3_reset(statement_);
        return {};
    }
    const Error error = result == SQLITE_ROW ? Error{Code::internal, "a row nobody asked for"} : error_of(sqlite3_db_handle(statement_));
    sqlite3_reset(statement_);
    return std::unexpected(error);
}

packet::Address address_at(sqlite3_stmt* statement, int column) {
    const std::string_view bytes = sqlite_blob(statement, column);
    packet::Address out{};
    if (bytes.size() == 16) std::memcpy(out.data(), bytes.data(), 16);
    if (bytes.size() == 4) {
        out[10] = out[11] = 0xff;
        std::memcpy(out.data() + 12, bytes.data(), 4);
    }
    return out;
}

}  // namespace bulkhead::history
