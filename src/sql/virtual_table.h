// SPDX-License-Identifier: Apache-2.0
// One Table as a SQLite virtual table (https://www.sqlite.org/vtab.html): eponymous, read-only, rows made at first use and kept for
// the run, equality answered by a hash index over any column. Owned by the database's thread; the rows may be several databases'.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "sql/made_rows.h"
#include "sql/sqlite.h"
#include "tables/table.h"

namespace bulkhead::sql {

// The failures that one statement met, each once.
class FailureLog {
  public:
    void add(const std::vector<tables::SourceFailure>& failures);
    std::vector<tables::SourceFailure> take();

  private:
    std::map<std::pair<std::string, std::string>, tables::SourceFailure> seen_;
};

struct CachedRows {
    std::shared_ptr<const MadeRows> made;
    std::map<std::size_t, std::unordered_map<std::string, std::vector<std::size_t>>> indexes;  // column -> value -> rows
};

struct TableState {
    tables::Table table;
    tables::Facts* facts = nullptr;
    FailureLog* failures = nullptr;
    bool* declaring = nullptr;  // set while SQLite is told the columns, which its authorizer takes for a `create table`
    bool materialise = false;
    RowStore* store = nullptr;
    std::chrono::steady_clock::time_point* deadline = nullptr;       // of the statement
    std::map<std::map<std::string, std::string>, CachedRows> cache;  // by what was asked for; empty key: the whole table

    // For a guest in another program, which makes the facts at their first use and whose user has no other place to see failures: called
    // before rows are made and after; an error ends the statement. Empty: nothing to do.
    std::function<Result<void>()> before_reading;
    std::function<Result<void>(const std::vector<tables::SourceFailure>&)> after_reading;
    int cursors_open = 0;

    CachedRows& rows_for(const std::map<std::string, std::string>& wanted);
};

// Registers the table under its name. REQUIRES: state outlives the connection.
bool register_virtual_table(sqlite3* database, TableState& state);

}  // namespace bulkhead::sql
