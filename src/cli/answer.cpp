// SPDX-License-Identifier: Apache-2.0
#include "cli/answer.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "cli/command.h"
#include "cli/suggest.h"
#include "cli/terminal.h"

namespace bulkhead::cli {

namespace {

constexpr std::size_t warnings_max = 20;

bool says_something(const tables::Cell& cell) {
    if (const auto* integer = std::get_if<std::int64_t>(&cell)) return *integer != 0;
    if (const auto* text = std::get_if<std::string>(&cell)) return !text->empty();
    return std::holds_alternative<double>(cell);
}

bool nothing_found(const sql::ResultSet& set) {
    return std::ranges::none_of(set.rows, [](const auto& row) { return std::ranges::any_of(row, says_something); });
}

void warn_of_failures(const std::vector<tables::SourceFailure>& failures) {
    for (std::size_t i = 0; i < std::min(failures.size(), warnings_max); ++i) {
        complain(fmt::format("could not read {}: {}", failures[i].locator, failures[i].reason));
    }
    if (failures.size() > warnings_max) complain(fmt::format("could not read {} more sources: see table source_status", failures.size() - warnings_max));
}

// SQLite says "no such table: X" and "no such column: X"; the words that are there help more.
std::string with_suggestion(const sql::Database& database, const std::string& message) {
    for (const std::string_view marker : {"no such table: ", "no such column: "}) {
        const std::size_t at = message.find(marker);
        if (at == std::string::npos) continue;
        std::string word = message.substr(at + marker.size());
        word = word.substr(0, word.find_first_of(" \n:"));
        if (const std::size_t dot = word.rfind('.'); dot != std::string::npos) word.erase(0, dot + 1);
        std::vector<std::string> known;
        for (const tables::Table& table : database.tables()) {
            if (marker == "no such table: ") known.push_back(table.name);
            for (const tables::ColumnInfo& column : table.columns) {
                if (marker == "no such column: ") known.push_back(column.name);
            }
        }
        return message + did_you_mean(word, known);
    }
    return message;
}

}  // namespace

int answer(sql::Database& database, std::string_view sql, const RowOptions& options, sql::Database::Params params) {
    const auto set = database.run(sql, std::move(params));
    if (!set) {
        complain(with_suggestion(database, set.error().message));
        return exit_error;
    }
    if (const auto written = write_out(format_rows(*set, options)); !written) {
        complain(written.error());
        return exit_error;
    }
    warn_of_failures(set->failures);
    if (set->truncated) complain(fmt::format("only the first {} rows are shown (--max-rows)", set->rows.size()));
    return !set->failures.empty() && nothing_found(*set) ? exit_error : exit_good;
}

}  // namespace bulkhead::cli
