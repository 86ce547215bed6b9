// SPDX-License-Identifier: Apache-2.0
// The answer to a query as bytes in one of the formats of `query --format`. Pure.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "report/format.h"
#include "sql/database.h"

namespace bulkhead::cli {

inline constexpr std::string_view row_formats[] = {"table", "json", "jsonl", "csv", "line"};

// Cells come from containers: table, line and csv show control bytes as \xNN, json escapes them. A table's columns are narrowed and
// their cells wrapped where it would be wider than the terminal; `narrow` off keeps them whole.
struct RowOptions {
    std::string_view format = "table";
    report::RenderOptions render;
    enum class Fit : std::uint8_t { whole, terminal } fit = Fit::whole;
};

std::string format_rows(const sql::ResultSet& rows, const RowOptions& options);

}  // namespace bulkhead::cli
