// SPDX-License-Identifier: Apache-2.0
// Rows of the past: objects of a reading of kind history (history/history_reader.h), whose keys are the columns.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "tables/facts.h"
#include "tables/table.h"

namespace bulkhead::tables {

struct PastRow {
    json::Value value;
    std::shared_ptr<const json::Document> document;  // keeps the value
    std::shared_ptr<const std::string> locator;
};

// The rows of WHAT, by the query's keys and the bounds of these columns; a history that cannot be read fails the scan.
struct PastQuery {
    std::string_view what;
    std::vector<std::string> keys;        // columns that are conditions of the reading too
    std::vector<std::string> times = {};  // columns of which bounds are
};
std::vector<PastRow> past_rows(Scan& scan, const PastQuery& query);

Column<PastRow> past_column(std::string name, Type type, std::string help);
std::vector<Column<PastRow>> past_columns(std::vector<ColumnInfo> columns);  // with the locator behind them
// Who spoke to whom, in tables of what was said; behind a column "time".
std::vector<ColumnInfo> with_ends(std::vector<ColumnInfo> columns);
const std::vector<std::string>& end_keys();

// A bound as milliseconds that leave out nothing which SQLite lets through, comparing texts; nothing where it cannot be told.
std::optional<UnixMs> least_time(std::string_view text);
std::optional<UnixMs> greatest_time(std::string_view text);

}  // namespace bulkhead::tables
