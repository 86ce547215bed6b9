// SPDX-License-Identifier: Apache-2.0
// `bulkhead attest template`: a file to fill in with what people state about controls that no machine can decide.
#include <memory>

#include "audit/attestations.h"
#include "cli/command.h"
#include "cli/ids.h"
#include "cli/terminal.h"

namespace bulkhead::cli {

namespace {

int print_template(const GlobalOptions& global, const std::vector<std::string>& wanted) {
    const auto catalog = audit::load_catalog(global.control_dirs);
    if (!catalog) {
        complain(catalog.error());
        return exit_error;
    }
    std::vector<std::string> ids;
    for (const std::string& id : wanted) ids.push_back(bare_id(id));
    const auto yaml = audit::attestation_template(*catalog, ids);
    if (!yaml) {
        complain(yaml.error());
        return exit_error;
    }
    const auto written = write_out(*yaml);
    if (!written) complain(written.error());
    return written ? exit_good : exit_error;
}

}  // namespace

Command attest() {
    return {"attest", [](CLI::App& root, Context& context) {
                auto ids = std::make_shared<std::vector<std::string>>();
                CLI::App* app = root.add_subcommand("attest", "State what no machine can verify");
                app->require_subcommand(1);
                app->footer("Examples:\n  bulkhead attest template > attestations.yaml\n  bulkhead audit --attestations attestations.yaml");
                CLI::App* skeleton = app->add_subcommand("template", "Print a YAML file to fill in, for `bulkhead audit --attestations FILE`");
                skeleton->fallthrough();
                skeleton->add_option("ID", *ids, "controls, their aliases, or benchmarks; none: all that take attestations");
                skeleton->footer("Examples:\n  bulkhead attest template csvs_v11 csvs_1_1");
                skeleton->callback([&context, ids] { context.action = [&context, ids] { return print_template(context.options, *ids); }; });
            }};
}

}  // namespace bulkhead::cli
