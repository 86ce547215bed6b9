// SPDX-License-Identifier: Apache-2.0
#include "cli/rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/json.h"
#include "base/text.h"
#include "report/csv_record.h"
#include "report/layout.h"

namespace bulkhead::cli {

namespace {

constexpr std::size_t column_gap = 2;
constexpr std::size_t column_columns_min = 8;  // a narrowed column keeps at least this

using Row = std::vector<tables::Cell>;

std::string plain(const tables::Cell& cell) {
    if (const auto* integer = std::get_if<std::int64_t>(&cell)) return fmt::format("{}", *integer);
    if (const auto* real = std::get_if<double>(&cell)) return fmt::format("{}", *real);
    if (const auto* text = std::get_if<std::string>(&cell)) return *text;
    return {};
}

std::string shown(const tables::Cell& cell) { return text::printable(plain(cell)); }

std::string json_cell(const tables::Cell& cell) {
    if (const auto* text = std::get_if<std::string>(&cell)) return json::quote(*text);
    if (const auto* real = std::get_if<double>(&cell); real != nullptr && !std::isfinite(*real)) return "null";
    if (std::holds_alternative<std::monostate>(cell)) return "null";
    return plain(cell);
}

std::string json_row(const std::vector<std::string>& columns, const Row& row) {
    std::string out = "{";
    for (std::size_t i = 0; i < columns.size(); ++i) out += fmt::format("{}{}: {}", i == 0 ? "" : ", ", json::quote(columns[i]), json_cell(row[i]));
    return out + "}";
}

std::string as_json(const sql::ResultSet& set) {
    std::string out = "[";
    for (const Row& row : set.rows) out += (out.size() > 1 ? ",\n" : "\n") + json_row(set.columns, row);
    return out + "\n]\n";
}

std::string as_jsonl(const sql::ResultSet& set) {
    std::string out;
    for (const Row& row : set.rows) out += json_row(set.columns, row) + "\n";
    return out;
}

std::string as_csv(const sql::ResultSet& set) {
    std::string out = report::csv_record(set.columns);
    for (const Row& row : set.rows) {
        std::vector<std::string> cells;
        for (const tables::Cell& cell : row) {
            // A number is no formula; only texts are guarded.
            cells.push_back(std::holds_alternative<std::string>(cell) ? report::csv_cell(plain(cell)) : plain(cell));
        }
        out += text::join(cells, ",") + "\r\n";
    }
    return out;
}

std::string as_lines(const sql::ResultSet& set) {
    std::size_t name_columns = 0;
    for (const std::string& column : set.columns) name_columns = std::max(name_columns, text::display_width(text::printable(column)));
    std::string out;
    for (const Row& row : set.rows) {
        if (!out.empty()) out += '\n';
        for (std::size_t i = 0; i < set.columns.size(); ++i) {
            const std::string name = text::printable(set.columns[i]);
            out += std::string(name_columns - text::display_width(name), ' ') + name + " = " + shown(row[i]) + "\n";
        }
    }
    return out;
}

// Takes columns from the widest ones until the table fits, or all are at their least.
void narrow(std::vector<std::size_t>& widths, std::size_t available) {
    for (;;) {
        std::size_t total = column_gap * (widths.size() - 1);
        for (const std::size_t width : widths) total += width;
        const auto widest = std::ranges::max_element(widths);
        if (total <= available || *widest <= column_columns_min) return;
        std::size_t second = column_columns_min;
        for (auto it = widths.begin(); it != widths.end(); ++it) {
            if (it != widest) second = std::max(second, std::min(*it, *widest - 1));
        }
        *widest -= std::min(total - available, *widest - second);
    }
}

void append_table_row(std::string& out, const std::vector<std::string>& cells, const std::vector<std::size_t>& widths) {
    std::vector<std::vector<std::string>> wrapped;
    std::size_t height = 1;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        if (text::display_width(cells[i]) <= widths[i]) {
            wrapped.push_back({cells[i]});
        } else {
            wrapped.push_back(report::wrap(cells[i], widths[i]));
        }
        height = std::max(height, wrapped.back().size());
    }
    for (std::size_t line = 0; line < height; ++line) {
        std::string text;
        for (std::size_t i = 0; i < cells.size(); ++i) {
            text += report::pad(line < wrapped[i].size() ? wrapped[i][line] : "", widths[i]) + std::string(column_gap, ' ');
        }
        text.erase(text.find_last_not_of(' ') + 1);
        out += text + "\n";
    }
}

std::string as_table(const sql::ResultSet& set, const RowOptions& options) {
    if (set.columns.empty()) return {};
    std::vector<std::string> header;
    std::vector<std::size_t> widths;
    for (const std::string& column : set.columns) {
        header.push_back(text::printable(column));
        widths.push_back(std::max<std::size_t>(text::display_width(header.back()), 1));
    }
    std::vector<std::vector<std::string>> body;
    for (const Row& row : set.rows) {
        std::vector<std::string> cells;
        for (std::size_t i = 0; i < row.size(); ++i) {
            cells.push_back(shown(row[i]));
            widths[i] = std::max(widths[i], text::display_width(cells.back()));
        }
        body.push_back(std::move(cells));
    }
    if (options.fit == RowOptions::Fit::terminal) narrow(widths, options.render.width);
    std::string out;
    append_table_row(out, header, widths);
    std::vector<std::string> rule;
    for (const std::size_t width : widths) rule.push_back(report::repeat(options.render.glyphs == report::Glyphs::unicode ? "─" : "-", width));
    append_table_row(out, rule, widths);
    for (const auto& cells : body) append_table_row(out, cells, widths);
    return out;
}

}  // namespace

std::string format_rows(const sql::ResultSet& rows, const RowOptions& options) {
    if (options.format == "json") return as_json(rows);
    if (options.format == "jsonl") return as_jsonl(rows);
    if (options.format == "csv") return as_csv(rows);
    if (options.format == "line") return as_lines(rows);
    return as_table(rows, options);
}

}  // namespace bulkhead::cli
