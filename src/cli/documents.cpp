// SPDX-License-Identifier: Apache-2.0
#include "cli/documents.h"

#include <fmt/format.h>
#include <CLI/App.hpp>

#include <algorithm>

#include "base/text.h"
#include "cli/command_line.h"
#include "sql/views.h"
#include "tables/catalog.h"

namespace bulkhead::cli {

namespace {

constexpr std::string_view written_by = "<!-- Written by tools/make_docs; do not edit. -->\n";

// In a cell of a Markdown table.
std::string cell_text(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '|' || c == '<' || c == '*' || c == '_') out += '\\';
        out += c == '\n' ? ' ' : c;
    }
    return std::string(text::trim(out));
}

std::string anchor_list(const std::vector<tables::Table>& tables) {
    std::string out;
    for (const tables::Table& table : tables) out += fmt::format("{}[{}](#{})", out.empty() ? "" : ", ", table.name, table.name);
    return out;
}

void add_table(std::string& out, const tables::Table& table) {
    out += fmt::format("\n## {}\n\n{}\n\n| column | type | |\n|---|---|---|\n", table.name, table.help);
    for (const tables::ColumnInfo& column : table.columns) {
        std::string help = cell_text(column.help);
        if (std::ranges::find(table.required, column.name) != table.required.end()) help += " (has to be given: `where " + column.name + " = ...`)";
        if (std::ranges::find(table.keys, column.name) != table.keys.end()) help += " (`=` reads only what it names)";
        if (std::ranges::find(table.ranges, column.name) != table.ranges.end()) help += " (`>=` and `<=` read only what is between them)";
        out += fmt::format("| `{}` | {} | {} |\n", column.name, tables::name(column.type), help);
    }
    if (table.examples.empty()) return;
    out += "\n```sql\n";
    for (const std::string& example : table.examples) out += example + ";\n";
    out += "```\n";
}

void add_benchmark(std::string& out, const audit::Catalog& catalog, const audit::Benchmark& benchmark) {
    const bool holds_controls = std::ranges::any_of(benchmark.children, [&](const std::string& child) { return catalog.find_control(child) != nullptr; });
    if (!holds_controls) return;
    out += fmt::format("\n## {}: {}\n\n| control | levels | severity | title |\n|---|---|---|---|\n", benchmark.id, benchmark.title);
    for (const std::string& child : benchmark.children) {
        const audit::Control* control = catalog.find_control(child);
        if (control == nullptr) continue;
        out += fmt::format("| `{}` | {} | {} | {} |\n", control->id, fmt::join(control->levels, ", "), control->severity, cell_text(control->title));
    }
}

}  // namespace

std::string tables_document(const std::vector<tables::Table>& tables) {
    std::string out = "# Tables\n\n" + std::string(written_by);
    out += fmt::format(
        "\nWhat `bulkhead query` and the extension for SQLite ({} tables) know; `bulkhead explain TABLE` prints one. A source that could not be "
        "read is told beside the answer, and never an empty answer alone.\n\n{}\n",
        tables.size(), anchor_list(tables));
    for (const tables::Table& table : tables) add_table(out, table);
    out +=
        "\n# Tables of other programs\n\nViews over the tables above, so that queries written for osquery and for Steampipe's docker plugin run. "
        "Those marked have a name of ours and take its place with `--dialect` (`bulkhead_open('dialect', ...)`) alone; the others are there always.\n\n"
        "| view | program | |\n|---|---|---|\n";
    for (const sql::View& view : sql::peer_views()) {
        const bool ours = std::ranges::find(tables, view.name, &tables::Table::name) != tables.end();
        out += fmt::format("| `{}` | {} | {} |\n", view.name, view.dialect, ours ? "with `--dialect " + view.dialect + "`" : "");
    }
    return out;
}

std::string controls_document(const audit::Catalog& catalog) {
    std::string out = "# List of controls\n\n" + std::string(written_by);
    out += fmt::format(
        "\n{} controls in {} benchmarks. `bulkhead explain ID` tells what one asks for, why, its SQL and how to put it right; "
        "[controls.md](controls.md) tells how one is written.\n",
        catalog.controls.size(), catalog.benchmarks.size());
    for (const audit::Benchmark& benchmark : catalog.benchmarks) add_benchmark(out, catalog, benchmark);
    return out;
}

Result<std::map<std::string, std::string>> documents() {
    const auto catalog = audit::load_catalog({});
    if (!catalog) return std::unexpected(catalog.error());
    Context context;
    CLI::App root(what_it_is, "bulkhead");
    make_command_line(root, context);
    std::map<std::string, std::string> all = man_pages(offered(root));
    all["docs/tables.md"] = tables_document(tables::catalog());
    all["docs/control_list.md"] = controls_document(*catalog);
    return all;
}

}  // namespace bulkhead::cli
