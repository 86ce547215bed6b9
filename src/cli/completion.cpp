// SPDX-License-Identifier: Apache-2.0
// `bulkhead completion`: a script that teaches a shell the command line, with the names of controls, queries, settings and tables in it.
#include <algorithm>
#include <memory>

#include "audit/catalog.h"
#include "cli/command.h"
#include "cli/completion_script.h"
#include "cli/ids.h"
#include "cli/surface.h"
#include "cli/terminal.h"
#include "tables/catalog.h"

namespace bulkhead::cli {

namespace {

int run_completion(const GlobalOptions& global, const CLI::App& root, const std::string& shell) {
    const auto catalog = audit::load_catalog(global.control_dirs);
    if (!catalog) {
        complain(catalog.error());
        return exit_error;
    }
    KnownNames names{.audited = audit_ids(*catalog), .queries = {}, .settings = {}, .tables = {}};
    for (const auto& [query, sql] : catalog->queries) names.queries.push_back(query);
    for (const audit::Setting& setting : catalog->settings) names.settings.push_back(setting.name);
    for (const tables::Table& table : tables::catalog()) names.tables.push_back(table.name);
    const auto written = write_out(completion_script(shell, offered(root), names));
    if (!written) complain(written.error());
    return written ? exit_good : exit_error;
}

}  // namespace

Command completion() {
    return {
        "completion", [](CLI::App& root, Context& context) {
            auto shell = std::make_shared<std::string>();
            CLI::App* app = root.add_subcommand("completion", "Print a completion script for a shell");
            app->add_option("SHELL", *shell, "bash, zsh or fish")
                ->required()
                ->check(CLI::IsMember(std::vector<std::string>(std::begin(completion_shells), std::end(completion_shells))));
            app->footer(
                "Examples:\n"
                "  source <(bulkhead completion bash)\n"
                "  bulkhead completion bash > /usr/share/bash-completion/completions/bulkhead\n"
                "  bulkhead completion zsh > /usr/share/zsh/vendor-completions/_bulkhead\n"
                "  bulkhead completion fish > ~/.config/fish/completions/bulkhead.fish");
            app->callback([&root, &context, shell] { context.action = [&root, &context, shell] { return run_completion(context.options, root, *shell); }; });
        }};
}

}  // namespace bulkhead::cli
