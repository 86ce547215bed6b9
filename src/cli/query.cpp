// SPDX-License-Identifier: Apache-2.0
// `bulkhead query`: a SQL statement or a named query, or the shell where neither is given.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <memory>

#include "audit/attestations.h"
#include "audit/catalog.h"
#include "audit/settings.h"
#include "base/text.h"
#include "cli/answer.h"
#include "cli/build_options.h"
#include "cli/command.h"
#include "cli/session.h"
#include "cli/shell.h"
#include "cli/suggest.h"
#include "cli/terminal.h"
#include "sql/views.h"

namespace bulkhead::cli {

namespace {

constexpr std::size_t input_bytes_max = 1'000'000;

struct QueryOptions {
    std::string statement;
    std::string format = "table";
    double timeout_s = 30;
    std::int64_t max_rows = 1'000'000;
    bool show_values = false;
    std::vector<std::string> settings;
    std::vector<std::string> params;
    std::string settings_file;
    std::string dialect;
    BuildOptions build;
};

Result<std::string> read_standard_input() {
    std::string input;
    std::array<char, 65536> buffer{};
    for (;;) {
        const ssize_t got = ::read(STDIN_FILENO, buffer.data(), buffer.size());
        if (got <= 0) break;
        input.append(buffer.data(), static_cast<std::size_t>(got));
        if (input.size() > input_bytes_max) return fail(Code::limit_exceeded, "a statement has at most 1 MB");
    }
    if (text::trim(input).empty()) return fail(Code::invalid_input, "no SQL: give a statement, a query's name, or a terminal for the shell");
    return input;
}

bool is_sql(const std::string& given) { return text::words(text::trim(given)).size() > 1 || given.find_first_of("(;\n") != std::string::npos; }

// One word without blanks is the name of a query, everything else SQL.
Result<std::string> statement_of(const std::string& given, const audit::Catalog& catalog) {
    std::string name(text::trim(given));
    if (const std::size_t dot = name.rfind('.'); name.starts_with("query.") || name.find(".query.") != std::string::npos) name.erase(0, dot + 1);
    if (const auto found = catalog.queries.find(name); found != catalog.queries.end()) return found->second;
    if (is_sql(name)) return given;
    std::vector<std::string> known;
    for (const auto& [query, sql] : catalog.queries) known.push_back(query);
    return fail(Code::invalid_input,
                fmt::format("no query is named \"{}\"{} (list queries shows them; SQL has more than one word)", name, did_you_mean(name, known)));
}

Result<sql::Database::Params> params_of(const std::vector<std::string>& given) {
    sql::Database::Params params;
    for (const std::string& one : given) {
        const std::size_t sign = one.find('=');
        if (sign == std::string::npos || sign == 0) return fail(Code::invalid_input, "--param is NAME=VALUE and not " + text::printable(one));
        params[one.substr(0, sign)] = one.substr(sign + 1);
    }
    return params;
}

int run_query(const GlobalOptions& global, const QueryOptions& options) {
    const bool interactive = options.statement.empty() && is_terminal(STDIN_FILENO);
    // Plain SQL that asks for no setting does without the controls.
    const bool by_name = interactive || !options.settings.empty() || !options.settings_file.empty() || !is_sql(options.statement) ||
                         !audit::settings_used(options.statement).empty() || !global.attestations.empty();
    const auto catalog = by_name ? audit::load_catalog(global.control_dirs) : Result<audit::Catalog>();
    if (!catalog) {
        complain(catalog.error());
        return exit_error;
    }
    Result<std::string> statement = std::string();
    if (!interactive) {
        statement = options.statement.empty() ? read_standard_input() : statement_of(options.statement, *catalog);
        if (!statement) {
            complain(statement.error());
            return exit_error;
        }
    }
    auto params = params_of(options.params);
    if (!params) {
        complain(params.error());
        return exit_error;
    }
    auto settings = audit::resolve_settings(*catalog, options.settings_file, options.settings);
    if (!settings) {
        complain(settings.error());
        return exit_error;
    }
    auto attestations = audit::attestations_of(global.attestations, *catalog);
    if (!attestations) {
        complain(attestations.error());
        return exit_error;
    }
    const sql::Limits limits{.time_ms = static_cast<int>(options.timeout_s * 1000), .rows_max = options.max_rows};
    auto session = Session::open(
        global, {.show_values = options.show_values, .build = build_input(options.build), .engine = !options.build.input.any(), .limits = limits});
    if (!session) {
        complain(session.error());
        return exit_error;
    }
    if (auto spoken = (*session)->database().speak(options.dialect); !spoken) {
        complain(spoken.error());
        return exit_error;
    }
    (*session)->database().use_settings(std::move(*settings));
    (*session)->bring(std::move(*attestations));
    const RowOptions rows{.format = options.format,
                          .render = render_options(global.no_color),
                          .fit = is_terminal(STDOUT_FILENO) ? RowOptions::Fit::terminal : RowOptions::Fit::whole};
    if (interactive) return run_shell((*session)->database(), *catalog, rows);
    return answer((*session)->database(), *statement, rows, std::move(*params));
}

}  // namespace

Command query() {
    return {"query", [](CLI::App& root, Context& context) {
                auto options = std::make_shared<QueryOptions>();
                CLI::App* app = root.add_subcommand("query", "Ask in SQL, or run a named query; without an argument, the interactive shell");
                app->add_option("SQL", options->statement, "a statement, or the name of a query");
                app->add_option("--format", options->format, "table, json, jsonl, csv or line")
                    ->check(CLI::IsMember(std::vector<std::string>(std::begin(row_formats), std::end(row_formats))))
                    ->capture_default_str();
                app->add_option("--timeout", options->timeout_s, "seconds a statement may take")->check(CLI::Range(0.001, 86400.0))->capture_default_str();
                app->add_option("--max-rows", options->max_rows, "rows an answer may have")
                    ->check(CLI::Range(std::int64_t{1}, std::int64_t{1'000'000'000}))
                    ->capture_default_str();
                app->add_flag("--show-values", options->show_values, "show environment values and secrets in labels");
                app->add_option("--setting", options->settings, "NAME=VALUE for setting('NAME') in SQL (may be repeated)")->allow_extra_args(false);
                app->add_option("--param", options->params, "NAME=VALUE for param('NAME') in SQL (may be repeated)")->allow_extra_args(false);
                app->add_option("--settings", options->settings_file, "a YAML file of settings, NAME: VALUE");
                app->add_option("--dialect", options->dialect, "osquery or steampipe: tables of that program in the place of ours of the same name")
                    ->check(CLI::IsMember(sql::dialects()));
                add_build_options(*app, options->build);
                app->footer(
                    "Examples:\n"
                    "  bulkhead query \"select name, driver, internal from docker_network\"\n"
                    "  bulkhead query docker_network_traffic_restricted_between_containers --format json\n"
                    "  bulkhead query docker_path_mode_within --param thing=docker_sock --param mask=0660\n"
                    "  bulkhead query                     the shell: .tables, .schema docker_container, .help\n"
                    "  bulkhead query --dockerfile Dockerfile \"select start_line, source from dockerfile_instruction\"\n"
                    "  bulkhead query --dialect steampipe \"select id, names from docker_container where state = 'running'\"\n"
                    "  echo \"select count(*) from docker_image\" | bulkhead query --from host.snapshot");
                app->callback([&context, options] { context.action = [&context, options] { return run_query(context.options, *options); }; });
            }};
}

}  // namespace bulkhead::cli
