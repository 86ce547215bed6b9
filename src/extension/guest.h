// SPDX-License-Identifier: Apache-2.0
// The tables of bulkhead as a guest in another program's SQLite connection: the virtual tables, the functions, the views of other
// programs, and two functions of its own:
//   bulkhead_open(name, value, ...)  what to read from now on (extension/options.h), read anew; its value says what that is
//   bulkhead_failures()              JSON list of the sources that could not be read since, [{"locator","reason","container_id"}]
// What could not be read ends the statement with an error, since a guest has no other place to say it; with partial=1 the
// statement goes on, and bulkhead_failures() tells. Lives as long as the connection, and is owned by its thread.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "extension/opened_world.h"
#include "extension/options.h"
#include "sql/functions.h"
#include "sql/made_rows.h"
#include "sql/sqlite.h"
#include "sql/virtual_table.h"

namespace bulkhead::extension {

class Guest {
  public:
    // The connection owns the guest from then on, also where this fails on the way.
    static Result<void> enter(sqlite3* connection, const Environment& environment);
    Guest(const Guest&) = delete;
    Guest& operator=(const Guest&) = delete;

    // What bulkhead_open does. invalid_input: wrong options; unavailable: rows of the world before are still being read.
    Result<std::string> open(const Pairs& pairs);
    std::string failures();

  private:
    Guest(sqlite3* connection, Environment environment);
    Result<void> start();
    Result<void> take_tables();
    void forget();
    Result<void> ready();  // opens the world at its first use
    Result<void> accept(const std::vector<tables::SourceFailure>& failures) const;

    sqlite3* connection_;
    Environment environment_;
    Options from_environment_;
    Options options_;
    std::vector<tables::Table> tables_;
    std::vector<std::string> views_;  // made in the connection
    bool declaring_ = false;
    sql::FailureLog failures_;
    std::unique_ptr<OpenedWorld> world_;  // before what holds rows of it
    std::unique_ptr<sql::RowStore> rows_;
    std::deque<sql::TableState> states_;  // addresses are held by SQLite
    sql::FunctionSources sources_;
};

}  // namespace bulkhead::extension
