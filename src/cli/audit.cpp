// SPDX-License-Identifier: Apache-2.0
// `bulkhead audit`: controls over a live host or a snapshot, reported in a format, with an exit code that says how it went.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <future>
#include <memory>
#include <mutex>
#include <sstream>

#include "audit/attestations.h"
#include "audit/catalog.h"
#include "audit/run.h"
#include "audit/select.h"
#include "audit/settings.h"
#include "base/text.h"
#include "cli/audit_options.h"
#include "cli/baseline_file.h"
#include "cli/exports.h"
#include "cli/output_file.h"
#include "cli/session.h"
#include "cli/terminal.h"
#include "report/format.h"
#include "world/live/cache_folder.h"

namespace bulkhead::cli {

namespace {

constexpr std::size_t controls_worth_prefetch = 8;
constexpr std::size_t image_id_shown = 19;  // "sha256:" and 12 digits

struct Run {
    audit::Audit audit;
    bool snapshot_failed = false;
};

bulkhead::Result<std::unique_ptr<Session>> open_session(const GlobalOptions& global, const AuditOptions& options) {
    auto opened = Session::open(global, {.show_values = options.show_values,
                                         .probe = options.probe,
                                         .record_to = options.save_snapshot,
                                         .build = build_input(options.build),
                                         .engine = options.selection.engine,
                                         .use = sql::Database::Use::audit});
    // Single controls read what they need; a whole audit needs nearly everything.
    if (opened && options.selection.ids.empty() && options.selection.engine && global.image.empty()) (*opened)->facts().prefetch();
    return opened;
}

bulkhead::Result<Run> evaluate(Session& session, const AuditOptions& options, const audit::Catalog& catalog) {
    if (options.selection.engine) {
        if (auto there = session.check_engine(); !there) return std::unexpected(there.error());
    }
    // A build file that cannot be read is the caller's mistake, and no finding.
    if (auto good = session.facts().build().check(); !good) return std::unexpected(good.error());
    const bool show = options.progress == "on" || (options.progress == "auto" && !options.gate.quiet && is_terminal(STDERR_FILENO));
    ProgressLine progress(show);
    std::mutex progress_mutex;  // guards progress: images are read on other threads
    std::size_t images = 0;
    auto audited = [&] {
        const Session::Tale tale(session, [&](const std::string& image_id) {
            const std::scoped_lock lock(progress_mutex);
            progress.show(fmt::format("looking into image {} ({} so far)", image_id.substr(0, image_id_shown), ++images));
        });
        return audit::run(catalog, session.database(), session.facts(), options.selection,
                          [&](std::size_t done, std::size_t total, const std::string& control) {
                              const std::scoped_lock lock(progress_mutex);
                              progress.show(fmt::format("[{:>{}}/{}] {}", done, std::to_string(total).size(), total, control));
                          });
    }();
    if (const auto broken = session.broken_cache_files(); broken > 0) {
        progress.clear();
        complain(fmt::format("{} files of the cache {} were damaged or not ours, and were not believed", broken, world::default_cache_path()));
    }
    if (!audited) return std::unexpected(audited.error());
    Run run{std::move(*audited), false};
    if (!options.save_snapshot.empty()) {
        progress.show("saving the snapshot");
        if (options.selection.engine) session.read_all_tables();
        if (auto saved = session.finish_recording(); !saved) {
            progress.clear();
            complain(saved.error());
            run.snapshot_failed = true;
        }
    }
    return run;
}

int write_report(const audit::Audit& audit, const report::Format& format, report::RenderOptions render, std::unique_ptr<OutputFile> file) {
    if (file) render.color = report::Color::off;
    std::ostringstream rendered;
    format.write(audit, render, rendered);
    const std::string bytes = std::move(rendered).str();
    if (file) {
        const auto finished = file->finish(bytes);
        if (finished) return exit_good;
        complain(finished.error().in("the report goes to standard output"));
        (void)write_out(bytes);
        return exit_error;
    }
    const auto written = write_out(bytes);
    if (written) return exit_good;
    complain(written.error());
    return exit_error;
}

}  // namespace

int run_audit(const GlobalOptions& global, AuditOptions options) {
    const auto refuse = [](const Error& error) {
        complain(error);
        return exit_error;
    };
    const auto fail_on = fail_on_of(options.gate);
    if (!fail_on) return refuse(fail_on.error());
    const std::vector<report::Format> formats = report::catalog();
    const auto format = std::ranges::find(formats, options.format, &report::Format::name);
    if (format == formats.end()) return refuse({Code::invalid_input, "no format " + options.format});
    auto exports = Exports::plan(options.exports, options.output);
    if (!exports) return refuse(exports.error());
    // Build files alone need no engine: one is asked only where it is named too.
    options.selection.archive = !global.image.empty();
    options.selection.engine = !options.build.input.any() || !global.host.empty() || !global.from.empty() || options.selection.archive;
    // Controls are parsed while the engine is already being asked; what is wrong with them is told first all the same.
    auto loading = std::async(std::launch::async, [&global] { return audit::load_catalog(global.control_dirs); });
    auto session = open_session(global, options);
    const auto catalog = loading.get();
    if (!catalog) return refuse(catalog.error());
    if (options.level > 0) options.selection.level = options.level;
    // A typing error needs no engine to be told.
    auto settings = audit::resolve_settings(*catalog, options.settings_file, options.settings);
    if (!settings) return refuse(settings.error());
    const auto chosen = audit::choose(*catalog, options.selection);
    if (!chosen) return refuse(chosen.error());
    if (chosen->controls.empty()) return refuse({Code::invalid_input, "no control matches --level and --tag (bulkhead list shows the controls)"});

    auto attestations = audit::attestations_of(global.attestations, *catalog);
    if (!attestations) return refuse(attestations.error());
    auto exceptions = audit::exceptions_of(options.gate.exceptions, *catalog);
    if (!exceptions) return refuse(exceptions.error());
    options.selection.exceptions = std::move(*exceptions);
    const auto baseline = baseline_of(options, global, *catalog, *settings, *attestations);
    if (!baseline) return refuse(baseline.error());
    if (!session) return refuse(session.error());
    const std::string changed = audit::changed_settings(*catalog, *settings);
    (*session)->database().use_settings(std::move(*settings));
    (*session)->bring(std::move(*attestations));
    if (options.selection.engine && !options.selection.ids.empty() && chosen->controls.size() >= controls_worth_prefetch) (*session)->facts().prefetch();

    std::unique_ptr<OutputFile> file;
    bool output_failed = false;
    if (!options.output.empty()) {
        auto created = OutputFile::create(options.output);
        output_failed = !created;
        if (output_failed) complain(created.error().message + "; the report goes to standard output");
        if (!output_failed) file = std::move(*created);
    }
    exports->open();
    auto run = evaluate(**session, options, *catalog);
    if (!run) return refuse(run.error());
    if (*baseline) audit::compare(run->audit, **baseline, *catalog, options.selection.shows_all() ? audit::Coverage::whole : audit::Coverage::part);
    if (!changed.empty()) run->audit.host.emplace_back("settings", changed);
    report::RenderOptions render = render_options(global.no_color);
    if (options.passes) render.passes = report::Passes::each;
    bool told = true;
    if (options.gate.quiet) {
        const auto lines = write_out(failing_lines(run->audit, *fail_on));
        told = lines.has_value();
        if (!told) complain(lines.error());
    }
    const bool report = !options.gate.quiet || file;
    const int written = report ? write_report(run->audit, *format, render, std::move(file)) : exit_good;
    const bool exported = exports->write(run->audit, render);
    if (!told || written != exit_good || output_failed || !exported || run->snapshot_failed) return exit_error;
    return exit_code(run->audit, *fail_on);
}

void add_audit_output(CLI::App& app, AuditOptions& options) {
    std::vector<std::string> names;
    for (const report::Format& format : report::catalog()) names.push_back(format.name);
    app.add_option("--format", options.format, "how the report is written; --export writes others beside it")
        ->check(CLI::IsMember(names))
        ->capture_default_str();
    app.add_option("--output", options.output, "write the report to this file, whole or not at all");
    add_export_option(app, options.exports);
    app.add_flag("--passes", options.passes, "in text, show each result that is ok with its evidence");
    app.add_option("--setting", options.settings, "NAME=VALUE, what controls judge by; bulkhead list settings shows them (may be repeated)")
        ->allow_extra_args(false);
    app.add_option("--settings", options.settings_file, "a YAML file of settings, NAME: VALUE; --setting goes before it");
    add_gate_options(app, options.gate);
    app.add_option("--progress", options.progress, "auto, on or off")->check(CLI::IsMember({"auto", "on", "off"}))->capture_default_str();
    app.add_flag("--show-values", options.show_values, "show environment values and secrets in labels");
}

namespace {

void add_selection(CLI::App& app, AuditOptions& options) {
    app.add_option("ID", options.selection.ids, "controls, their aliases, or benchmarks; none: everything");
    app.add_option("--level", options.level, "only controls that hold at level N or below")->check(CLI::Range(1, 3));
    app.add_option("--tag", options.selection.tags, "only controls with this tag, KEY or KEY=VALUE (may be repeated)")->allow_extra_args(false);
    app.add_option("--where", options.selection.where, "only results for which this SQL holds, over control, resource, resource_name, status, severity, ...");
    app.add_option("--container", options.selection.containers, "only this container: name, glob or start of its id (may be repeated)")
        ->allow_extra_args(false);
    app.add_option("--project", options.selection.project, "only containers of this Compose project or Swarm stack");
    app.add_option("--save-snapshot", options.save_snapshot, "keep all that was read in this file, for --from");
    app.add_flag("--probe", options.probe,
                 "also send active probes: service banners, latency between nodes, what data stores and Swarm managers answer strangers");
}

}  // namespace

Command audit() {
    return {"audit", [](CLI::App& root, Context& context) {
                auto options = std::make_shared<AuditOptions>();
                CLI::App* app = root.add_subcommand("audit", "Judge a live host, or a snapshot of one, by controls");
                add_selection(*app, *options);
                add_audit_output(*app, *options);
                add_build_options(*app, options->build);
                app->footer(
                    "Exit code: 0 no alarm, 1 alarm, 2 error. Unknown is not ok: --fail-on alarm,unknown makes it fail.\n\n"
                    "Examples:\n"
                    "  bulkhead audit\n"
                    "  bulkhead audit csvs_v7 --level 2 --fail-on 'severity>=high'\n"
                    "  bulkhead audit --container 'web*' --format json | jq '.results[] | select(.status == \"alarm\")'\n"
                    "  bulkhead audit cis_v160 --setting allowed_ports=80,443 --setting swarm_expected=true\n"
                    "  bulkhead audit --where \"status <> 'ok' and layer = 'observed'\"\n"
                    "  bulkhead audit --image app.tar --fail-on 'severity>=high'\n"
                    "  bulkhead audit --from host.snapshot --output audit.csv --format csv\n"
                    "  bulkhead audit --format brief --export report.html --export report.sarif --export junit:results.xml\n"
                    "  bulkhead audit --dockerfile Dockerfile --compose compose.yaml      before there is an engine; with --host also its containers");
                app->callback([&context, options] { context.action = [&context, options] { return run_audit(context.options, *options); }; });
            }};
}

}  // namespace bulkhead::cli
