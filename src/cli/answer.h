// SPDX-License-Identifier: Apache-2.0
// One SQL statement asked and its answer written: shared by `query` with a statement and by the shell.
#pragma once

#include <string_view>

#include "cli/rows.h"
#include "sql/database.h"

namespace bulkhead::cli {

// Rows go to standard output, a line for every source that could not be read to standard error. The exit code: 2 when the statement
// failed, or when sources failed and nothing was found in the others (also a lone count of 0 is then nothing).
int answer(sql::Database& database, std::string_view sql, const RowOptions& options, sql::Database::Params params = {});

}  // namespace bulkhead::cli
