// SPDX-License-Identifier: Apache-2.0
// The tables of other programs as views over ours (views/*.sql, built in), so that queries written for those programs run. A set of views
// is a dialect. A view whose name no table of ours has is there always; one that would hide a table of ours only where its dialect is
// asked for. They are temporary views: the only ones that may take the place of a table, and that may stand above tables which no schema
// in a file is allowed to read (SQLITE_VTAB_DIRECTONLY). Owned by the connection's thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "sql/sqlite.h"
#include "tables/table.h"

namespace bulkhead::sql {

struct View {
    std::string name;
    std::string dialect;
    std::string sql;  // create temp view ...
};

const std::vector<View>& peer_views();  // of all dialects; any thread
std::vector<std::string> dialects();    // osquery, steampipe

// Removes the views of `made`, makes those that belong to the dialect (empty: to none), and leaves their names in `made`. invalid_input: there is no such
// dialect, or the database has a table or view of its own of a name that the dialect wants. Others are left out where the database has the name.
Result<void> make_views(sqlite3* database, std::string_view dialect, const std::vector<tables::Table>& tables, std::vector<std::string>& made);

}  // namespace bulkhead::sql
