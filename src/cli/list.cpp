// SPDX-License-Identifier: Apache-2.0
// `bulkhead list`: what there is: controls, benchmarks, named queries, settings, tables.
#include <fmt/format.h>
#include <unistd.h>

#include <memory>

#include "audit/catalog.h"
#include "cli/command.h"
#include "cli/rows.h"
#include "cli/terminal.h"
#include "tables/catalog.h"

namespace bulkhead::cli {

namespace {

struct ListOptions {
    std::string kind;
    std::string format = "table";
};

constexpr std::string_view kinds[] = {"controls", "benchmarks", "queries", "settings", "tables"};

sql::ResultSet list_of(std::string_view kind, const audit::Catalog& catalog) {
    sql::ResultSet set;
    if (kind == "controls") {
        set.columns = {"control", "levels", "severity", "title"};
        for (const audit::Control& control : catalog.controls) {
            set.rows.push_back({control.id, fmt::format("{}", fmt::join(control.levels, ",")), control.severity, control.title});
        }
    } else if (kind == "benchmarks") {
        set.columns = {"benchmark", "children", "title"};
        for (const audit::Benchmark& benchmark : catalog.benchmarks) {
            set.rows.push_back({benchmark.id, static_cast<std::int64_t>(benchmark.children.size()), benchmark.title});
        }
    } else if (kind == "queries") {
        set.columns = {"query"};
        for (const auto& [name, sql] : catalog.queries) set.rows.push_back({name});
    } else if (kind == "settings") {
        set.columns = {"setting", "type", "default", "description"};
        for (const audit::Setting& setting : catalog.settings) set.rows.push_back({setting.name, setting.type, setting.default_value, setting.description});
    } else {
        set.columns = {"table", "columns", "help"};
        for (const tables::Table& table : tables::catalog()) {
            set.rows.push_back({table.name, static_cast<std::int64_t>(table.columns.size()), table.help});
        }
    }
    return set;
}

int run_list(const GlobalOptions& global, const ListOptions& options) {
    const auto catalog = audit::load_catalog(global.control_dirs);
    if (!catalog) {
        complain(catalog.error());
        return exit_error;
    }
    const RowOptions rows{.format = options.format,
                          .render = render_options(global.no_color),
                          .fit = is_terminal(STDOUT_FILENO) ? RowOptions::Fit::terminal : RowOptions::Fit::whole};
    std::string out;
    for (const std::string_view kind : kinds) {
        if (!options.kind.empty() && kind != options.kind) continue;
        if (!out.empty()) out += '\n';
        out += format_rows(list_of(kind, *catalog), rows);
    }
    const auto written = write_out(out);
    if (!written) complain(written.error());
    return written ? exit_good : exit_error;
}

}  // namespace

Command list() {
    return {"list", [](CLI::App& root, Context& context) {
                auto options = std::make_shared<ListOptions>();
                CLI::App* app = root.add_subcommand("list", "List controls, benchmarks, named queries, settings and tables");
                app->add_option("KIND", options->kind, "controls, benchmarks, queries, settings or tables; none: all of them")
                    ->check(CLI::IsMember(std::vector<std::string>(std::begin(kinds), std::end(kinds))));
                app->add_option("--format", options->format, "table, json, jsonl, csv or line; other than table: with one KIND")
                    ->check(CLI::IsMember(std::vector<std::string>(std::begin(row_formats), std::end(row_formats))))
                    ->capture_default_str();
                app->footer("Examples:\n  bulkhead list\n  bulkhead list tables\n  bulkhead list controls --format json");
                app->callback([&context, options] {
                    if (options->kind.empty() && options->format != "table") {
                        throw CLI::ValidationError("--format", "goes with one of controls, benchmarks, queries, settings or tables");
                    }
                    context.action = [&context, options] { return run_list(context.options, *options); };
                });
            }};
}

}  // namespace bulkhead::cli
