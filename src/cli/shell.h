// SPDX-License-Identifier: Apache-2.0
// The interactive SQL shell of `bulkhead query`, on libedit: history, completion of table and column names, statements over several
// lines up to their semicolon.
#pragma once

#include "audit/catalog.h"
#include "cli/rows.h"
#include "sql/database.h"

namespace bulkhead::cli {

int run_shell(sql::Database& database, const audit::Catalog& catalog, RowOptions options);

// CREATE-like text of a table with the help of each column, as `.schema` and `explain` show it.
std::string schema_of(const tables::Table& table);

}  // namespace bulkhead::cli
