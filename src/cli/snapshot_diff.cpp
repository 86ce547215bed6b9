// SPDX-License-Identifier: Apache-2.0
// `bulkhead snapshot diff A B`: what changed in results and facts between two snapshots. Exit code 0: nothing, 1: something, 2: an error.
#include <fmt/format.h>

#include <memory>

#include "audit/attestations.h"
#include "audit/run.h"
#include "audit/settings.h"
#include "audit/snapshot_diff.h"
#include "cli/session.h"
#include "cli/snapshot_parts.h"
#include "cli/terminal.h"
#include "report/snapshot_diff_view.h"

namespace bulkhead::cli {

namespace {

struct DiffOptions {
    std::string before;
    std::string after;
    std::vector<std::string> ids;
    std::string format = "text";
};

// One snapshot's audit and facts.
struct Side {
    audit::Audit audit;
    std::vector<audit::FactSet> facts;
};

bulkhead::Result<Side> look_into(const std::string& path, const GlobalOptions& global, const DiffOptions& options, const audit::Catalog& catalog) {
    GlobalOptions there = global;
    there.from = path;
    auto session = Session::open(there, {.use = sql::Database::Use::audit});
    if (!session) return std::unexpected(session.error());
    auto settings = audit::resolve_settings(catalog, {}, {});
    if (!settings) return std::unexpected(settings.error());
    auto attestations = audit::attestations_of(global.attestations, catalog);
    if (!attestations) return std::unexpected(attestations.error());
    (*session)->database().use_settings(std::move(*settings));
    (*session)->bring(std::move(*attestations));
    auto audited = audit::run(catalog, (*session)->database(), (*session)->facts(), {.ids = options.ids}, {});
    if (!audited) return std::unexpected(audited.error().in(path));
    return Side{std::move(*audited), audit::gather_facts((*session)->database())};
}

int diff(const GlobalOptions& global, const DiffOptions& options) {
    const auto refuse = [](const Error& error) {
        complain(error);
        return exit_error;
    };
    if (!global.from.empty() || !global.host.empty() || !global.image.empty())
        return refuse({Code::invalid_input, "snapshot diff takes its two files as A and B, and no --from, --host or --image"});
    const auto catalog = audit::load_catalog(global.control_dirs);
    if (!catalog) return refuse(catalog.error());
    const auto before = look_into(options.before, global, options, *catalog);
    if (!before) return refuse(before.error());
    const auto after = look_into(options.after, global, options, *catalog);
    if (!after) return refuse(after.error());
    const report::SnapshotDiff found{.before = {options.before, before->audit.as_of},
                                     .after = {options.after, after->audit.as_of},
                                     .results = audit::diff_results(before->audit, after->audit, *catalog),
                                     .facts = audit::diff_facts(before->facts, after->facts)};
    const auto written =
        write_out(options.format == "json" ? report::snapshot_diff_json(found) : report::snapshot_diff_text(found, render_options(global.no_color)));
    if (!written) return refuse(written.error());
    return found.empty() ? exit_good : exit_alarm;
}

}  // namespace

void add_snapshot_diff(CLI::App& snapshot, Context& context) {
    auto options = std::make_shared<DiffOptions>();
    CLI::App* app = snapshot.add_subcommand("diff", "Tell what changed from A to B, in results and in facts; exit code 1 where something did");
    app->add_option("A", options->before, "the earlier snapshot")->required();
    app->add_option("B", options->after, "the later snapshot")->required();
    app->add_option("--control", options->ids, "of results only those of this control or benchmark (may be repeated)")->allow_extra_args(false);
    app->add_option("--format", options->format, "text or json")->check(CLI::IsMember({"text", "json"}))->capture_default_str();
    app->callback([&context, options] { context.action = [&context, options] { return diff(context.options, *options); }; });
}

}  // namespace bulkhead::cli
