// SPDX-License-Identifier: Apache-2.0
// `bulkhead fix`: a plan of what could be done about alarms, and on request its changes of host files (docs/fixes.md).
#include "fix/plan.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>

#include "audit/catalog.h"
#include "audit/run.h"
#include "audit/settings.h"
#include "base/text.h"
#include "cli/build_options.h"
#include "cli/command.h"
#include "cli/ids.h"
#include "cli/output_file.h"
#include "cli/session.h"
#include "cli/terminal.h"
#include "fix/apply.h"
#include "fix/plan_json.h"
#include "fix/plan_text.h"
#include "fix/validate.h"

namespace bulkhead::cli {

namespace {

constexpr std::string_view no_value = "what is planned now";  // --apply without a file

struct FixOptions {
    std::vector<std::string> ids;
    bool plan = false;
    std::string apply;  // empty: plan only; no_value: what is planned now; else a plan's file
    bool yes = false;
    bool info = false;
    bool risky = false;
    bool show_values = false;
    std::string format = "text";
    std::string output;
    std::vector<std::string> settings;
    std::string settings_file;
    BuildOptions build;
};

int refuse(const Error& error) {
    complain(error);
    return exit_error;
}

fix::Asked asked_of(const FixOptions& options) {
    return {.ids = options.ids,
            .compose_files = options.build.input.compose.files,
            .env_files = options.build.input.compose.env_files,
            .profiles = options.build.input.compose.profiles,
            .settings = options.settings,
            .settings_file = options.settings_file,
            .use_environment = options.build.use_environment,
            .options = {.info = options.info, .risky = options.risky}};
}

void ask_again(FixOptions& options, const fix::Asked& asked) {
    options.ids = asked.ids;
    options.build.input.compose.files = asked.compose_files;
    options.build.input.compose.env_files = asked.env_files;
    options.build.input.compose.profiles = asked.profiles;
    options.build.use_environment = asked.use_environment;
    options.settings = asked.settings;
    options.settings_file = asked.settings_file;
    options.info = asked.options.info;
    options.risky = asked.options.risky;
}

Result<fix::Reviewed> load_reviewed(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) return fail(Code::not_found, fmt::format("cannot read the plan {} (names of controls stand before --apply)", path));
    std::string bytes;
    for (std::istreambuf_iterator<char> at(file), end; at != end && bytes.size() <= fix::plan_file_bytes_max; ++at) bytes += *at;
    return fix::parse_plan_json(bytes, path);
}

// Without names: the controls about which something can be done by a file or a command.
std::vector<std::string> ids_with_fixes(const audit::Catalog& catalog) {
    std::vector<std::string> ids;
    for (const audit::Control& control : catalog.controls) {
        if (!control.fixes.empty()) ids.push_back(control.id);
    }
    return ids;
}

struct Planned {
    std::unique_ptr<Session> session;
    fix::Plan plan;
};

Result<Planned> plan_now(const GlobalOptions& global, const FixOptions& options) {
    const auto catalog = audit::load_catalog(global.control_dirs);
    if (!catalog) return std::unexpected(catalog.error());
    auto settings = audit::resolve_settings(*catalog, options.settings_file, options.settings);
    if (!settings) return std::unexpected(settings.error());
    audit::Selection selection;
    for (const std::string& id : options.ids.empty() ? ids_with_fixes(*catalog) : options.ids) selection.ids.push_back(bare_id(id));
    selection.engine = !options.build.input.any() || !global.host.empty() || !global.from.empty();
    auto session = Session::open(global, {.show_values = options.show_values,
                                          .probe = false,
                                          .record_to = {},
                                          .build = build_input(options.build),
                                          .engine = selection.engine,
                                          .use = sql::Database::Use::audit});
    if (!session) return std::unexpected(session.error());
    (*session)->database().use_settings(std::move(*settings));
    if (selection.engine) {
        if (auto there = (*session)->check_engine(); !there) return std::unexpected(there.error());
    }
    if (auto good = (*session)->facts().build().check(); !good) return std::unexpected(good.error());
    const auto audited = audit::run(*catalog, (*session)->database(), (*session)->facts(), selection, {});
    if (!audited) return std::unexpected(audited.error());
    fix::Plan plan = fix::make_plan(*audited, (*session)->facts(), {.info = options.info, .risky = options.risky});
    return Planned{std::move(*session), std::move(plan)};
}

// Interrupts wait until all is done, or undone.
class Uninterrupted {
  public:
    Uninterrupted() {
        sigset_t set;
        sigemptyset(&set);
        for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&set, signal);
        pthread_sigmask(SIG_BLOCK, &set, &before_);
    }
    ~Uninterrupted() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
    Uninterrupted(const Uninterrupted&) = delete;
    Uninterrupted& operator=(const Uninterrupted&) = delete;

  private:
    sigset_t before_{};
};

Result<void> confirm(std::size_t count, bool yes) {
    if (yes) return {};
    if (!is_terminal(STDIN_FILENO)) return fail(Code::invalid_input, "nobody can be asked here whether to apply this: --yes says so beforehand");
    std::cerr << fmt::format("Apply {}? [y/N] ", count == 1 ? "this change" : fmt::format("these {} changes", count));
    std::string answer;
    std::getline(std::cin, answer);
    if (answer == "y" || answer == "Y" || answer == "yes") return {};
    return fail(Code::invalid_input, "nothing was changed");
}

// "20261122T120000Z" of "2026-11-22T12:00:00.123Z".
std::string stamp_now() {
    std::string stamp;
    for (const char c : rfc3339(now_ms())) {
        if (c == '.') break;
        if (c != '-' && c != ':') stamp += c;
    }
    return stamp + "Z";
}

Result<void> validate(const fix::Plan& plan, const std::string& file, const fix::Change& change, std::string& note) {
    if (auto good = fix::check_settings(change.before, change.after); !good) return good;
    if (!plan.engine_major || *plan.engine_major < fix::validate_since_major) {
        note = fmt::format("engine {} has no dockerd --validate: names and kinds of the settings were checked instead",
                           plan.engine_version.empty() ? "of unknown version" : plan.engine_version);
        return {};
    }
    auto said = fix::run_validate(fmt::format("/proc/{}/exe", change.root_pid), file);
    note = said ? "dockerd --validate takes the new file" : said.error().message + ": names and kinds of the settings were checked instead";
    if (!said && said.error().code == Code::unsupported) return {};
    return said;
}

int apply_plan(const fix::Plan& plan, bool yes) {
    std::vector<fix::Change> changes;
    std::ranges::copy_if(plan.changes, std::back_inserter(changes), [](const fix::Change& change) { return change.refused.empty(); });
    if (changes.empty()) return plan.changes.empty() ? exit_good : exit_alarm;
    if (auto agreed = confirm(changes.size(), yes); !agreed) return refuse(agreed.error());
    std::string note;
    const auto applied = [&] {
        const Uninterrupted uninterrupted;
        return fix::apply(changes, stamp_now(), [&](const std::string& file, const fix::Change& change) { return validate(plan, file, change, note); });
    }();
    if (!applied) return refuse(applied.error());
    std::string out;
    for (const std::string& line : applied->done) out += "  " + text::printable(line) + "\n";
    if (!note.empty()) out += "  " + text::printable(note) + "\n";
    out = fmt::format("Applied:\n{}{}", out, plan.steps.empty() ? "" : "What is listed under \"Then, by you\" is still to be done.\n");
    if (const auto written = write_out(out); !written) return refuse(written.error());
    return changes.size() == plan.changes.size() ? exit_good : exit_alarm;
}

int run_fix(const GlobalOptions& global, FixOptions options) {
    if (options.plan && !options.apply.empty()) return refuse({Code::invalid_input, "--plan and --apply exclude each other"});
    const bool from_file = !options.apply.empty() && options.apply != no_value;
    fix::Reviewed reviewed;
    if (from_file) {
        if (!options.ids.empty() || options.build.input.any())
            return refuse({Code::invalid_input, "a plan's file says by itself what was asked for: give no more than --apply FILE"});
        auto loaded = load_reviewed(options.apply);
        if (!loaded) return refuse(loaded.error());
        reviewed = std::move(*loaded);
        ask_again(options, reviewed.asked);
    }
    std::string not_applicable;
    if (!global.from.empty()) not_applicable = "it was made of a snapshot";
    if (!options.apply.empty() && !not_applicable.empty()) return refuse({Code::invalid_input, "nothing can be applied: " + not_applicable});
    if (!global.image.empty()) return refuse({Code::unsupported, "an archive of images has no host to change"});
    auto planned = plan_now(global, options);
    if (!planned) return refuse(planned.error());
    const fix::Secrets secrets = options.show_values ? fix::Secrets::shown : fix::Secrets::masked;
    const std::string json = fix::plan_json(planned->plan, asked_of(options), secrets);
    if (!options.output.empty()) {
        auto file = OutputFile::create(options.output);
        if (!file) return refuse(file.error());
        if (auto finished = (*file)->finish(json); !finished) return refuse(finished.error());
    }
    const std::string shown = options.format == "json" ? json : fix::plan_text(planned->plan, render_options(global.no_color), not_applicable, secrets);
    if (const auto written = write_out(shown); !written) return refuse(written.error());
    if (options.apply.empty()) return exit_good;
    if (from_file) {
        if (auto same = fix::check_reviewed(planned->plan, reviewed); !same) return refuse(same.error());
    }
    planned->session.reset();  // with its threads: an interrupt has nobody to go to then but this one
    return apply_plan(planned->plan, options.yes);
}

void add_options(CLI::App& app, FixOptions& options) {
    app.add_option("ID", options.ids, "controls, their aliases, or benchmarks; none: all for which something can be done");
    app.add_flag("--plan", options.plan, "show what could be done, and change nothing (as without this)");
    app.add_option("--apply", options.apply, "change the files that the plan shows; with FILE, only what was planned there (--output)")
        ->expected(0, 1)
        ->default_str(std::string(no_value))
        ->type_name("FILE");
    app.add_flag("--yes", options.yes, "do not ask before applying");
    app.add_flag("--risky", options.risky, "also fixes that may break what runs; the plan says why");
    app.add_flag("--info", options.info, "also for results that are info, not only for alarms");
    app.add_option("--format", options.format, "text or json")->check(CLI::IsMember({"text", "json"}))->capture_default_str();
    app.add_option("--output", options.output, "keep the plan in this file (JSON), for --apply FILE");
    app.add_option("--setting", options.settings, "NAME=VALUE, what controls judge by (may be repeated)")->allow_extra_args(false);
    app.add_option("--settings", options.settings_file, "a YAML file of settings, NAME: VALUE");
    app.add_flag("--show-values", options.show_values, "show values in diffs that look like secrets");
    app.add_option("--compose", options.build.input.compose.files, "a Compose or stack file to judge and to change (may be repeated)")->allow_extra_args(false);
    app.add_option("--env-file", options.build.input.compose.env_files, "variables for Compose files, in place of .env")->allow_extra_args(false);
    app.add_option("--profile", options.build.input.compose.profiles, "services of this Compose profile too; * is all")->allow_extra_args(false);
    app.add_flag("--use-environment", options.build.use_environment, "fill in variables of Compose files from the environment");
}

}  // namespace

Command fix() {
    return {"fix", [](CLI::App& root, Context& context) {
                auto options = std::make_shared<FixOptions>();
                CLI::App* app = root.add_subcommand("fix", "Plan what to do about alarms, as diffs and commands, and apply it on request");
                add_options(*app, *options);
                app->footer(
                    "Neither the engine nor a container is ever restarted: the plan says what you do then. Old files stay beside as NAME.bulkhead-TIME.\n"
                    "Exit code: 0 planned or applied, 1 some changes cannot be applied from here, 2 error (and all was undone).\n\n"
                    "Examples:\n"
                    "  bulkhead fix\n"
                    "  bulkhead fix csvs_7_3 csvs_2_9 --output plan.json\n"
                    "  bulkhead fix --apply plan.json\n"
                    "  bulkhead fix --compose compose.yaml --apply");
                app->callback([&context, options] { context.action = [&context, options] { return run_fix(context.options, *options); }; });
            }};
}

}  // namespace bulkhead::cli
