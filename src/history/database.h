// SPDX-License-Identifier: Apache-2.0
// A SQLite file of the history: how it is opened by the one who writes and by those who read, and what its errors mean. Owned by one thread.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "flow/record.h"
#include "world/snapshot/sqlite_handle.h"

namespace bulkhead::history {

class Database {
  public:
    // Makes the file (0600) where there is none. bytes_max: it does not grow beyond; 0 is no limit.
    static Result<Database> open_to_write(const std::string& path, std::uint64_t bytes_max);
    // not_found where there is none.
    static Result<Database> open_to_read(const std::string& path);

    [[nodiscard]] sqlite3* handle() const { return handle_.get(); }
    Result<void> run(const char* sql);
    Result<SqliteStatement> prepare(std::string_view sql);
    Result<std::int64_t> number(std::string_view sql);  // the first cell of the first row; 0 where there is none
    // The format that the file says it has. not_found: nothing was written to it yet, as when its writer was killed in its first moment;
    // corrupt: it is none of ours; unsupported: of a newer bulkhead.
    Result<std::int64_t> format();
    [[nodiscard]] Error error() const;  // of the last call

  private:
    explicit Database(SqliteDatabase handle) : handle_(std::move(handle)) {}
    SqliteDatabase handle_;
};

// limit_exceeded: no room; permission_denied; corrupt; unavailable: anything that may pass.
Error error_of(sqlite3* handle);

// Binds in order; what is not given stays null. REQUIRES: the statement is reset. step() resets it.
class Binder {
  public:
    explicit Binder(const SqliteStatement& statement) : statement_(statement.get()) {}
    Binder& integer(std::int64_t value);
    Binder& integer_or_null(std::int64_t value, std::int64_t null_value = 0);
    Binder& text(std::string_view value);
    Binder& text_or_null(std::string_view value);
    Binder& address(const packet::Address& mapped);          // 4 or 16 bytes
    Binder& address_or_null(const packet::Address& mapped);  // null where it is all zero
    Binder& null();
    Result<void> step();  // of a statement that yields no rows

  private:
    sqlite3_stmt* statement_;
    int next_ = 1;
};

packet::Address address_at(sqlite3_stmt* statement, int column);  // mapped; all zero for null and what is none
inline std::int64_t integer_at(sqlite3_stmt* statement, int column) { return sqlite3_column_int64(statement, column); }
inline bool null_at(sqlite3_stmt* statement, int column) { return sqlite3_column_type(statement, column) == SQLITE_NULL; }
inline std::string text_at(sqlite3_stmt* statement, int column) { return std::string(sqlite_text(statement, column)); }

}  // namespace bulkhead::history
