// SPDX-License-Identifier: Apache-2.0
// `bulkhead doctor`: what this machine's kernel can do for seeing traffic, and what stays unseen.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <memory>

#include "cli/command.h"
#include "cli/rows.h"
#include "cli/terminal.h"
#include "datapath/abilities.h"
#include "report/layout.h"

namespace bulkhead::cli {

namespace {

struct DoctorOptions {
    std::string format = "text";
};

constexpr std::size_t indent = 31, least_width = 60;

// Wrapped behind two columns, which only the first line has.
void append_text(std::string& out, std::string_view state, std::string_view name, const std::string& text, std::size_t width) {
    for (const std::string& line : report::wrap(text, std::max(width, least_width) - indent)) {
        out += fmt::format("{:<8} {:<21} {}\n", state, name, line);
        state = name = "";
    }
}

// What stays unseen is told only where something is not as it should be.
std::string text_of(const std::vector<datapath::Ability>& abilities, const std::string& release, bool root, std::size_t width) {
    std::string out = fmt::format("kernel {}\n", release);
    if (!root) out += "not run as root: what needs root was not tried, and is unknown\n";
    out += '\n';
    for (const datapath::Ability& one : abilities) {
        append_text(out, datapath::name(one.able), one.name, one.found, width);
        if (one.able == datapath::Able::yes) continue;
        append_text(out, "", "", fmt::format("{}: {}", one.able == datapath::Able::unknown ? "if missing" : "so", one.without), width);
    }
    const bool seeing = std::ranges::none_of(abilities, [](const auto& one) { return one.needed && one.able != datapath::Able::yes; });
    const bool proved = std::ranges::any_of(abilities, [](const auto& one) { return one.needed && one.able == datapath::Able::no; });
    out += seeing   ? "\nTraffic can be seen as it happens.\n"
           : proved ? "\nTraffic cannot be seen as it happens on this kernel.\n"
                    : "\nWhether traffic can be seen as it happens is unknown.\n";
    return out;
}

sql::ResultSet rows_of(const std::vector<datapath::Ability>& abilities) {
    sql::ResultSet set;
    set.columns = {"ability", "state", "needed", "found", "without"};
    for (const datapath::Ability& one : abilities)
        set.rows.push_back({std::string(one.name), std::string(datapath::name(one.able)), std::int64_t{one.needed}, one.found, std::string(one.without)});
    return set;
}

int run_doctor(const GlobalOptions& global, const DoctorOptions& options) {
    const datapath::AbilityEvidence evidence = datapath::gather_ability_evidence();
    const std::vector<datapath::Ability> abilities = datapath::judge_abilities(evidence);
    const std::string out = options.format == "text" ? text_of(abilities, evidence.release, geteuid() == 0, render_options(global.no_color).width)
                                                     : format_rows(rows_of(abilities), {.format = options.format, .render = render_options(global.no_color)});
    if (const auto written = write_out(out); !written) {
        complain(written.error());
        return exit_error;
    }
    const bool blind = std::ranges::any_of(abilities, [](const auto& one) { return one.needed && one.able != datapath::Able::yes; });
    return blind ? exit_alarm : exit_good;
}

}  // namespace

Command doctor() {
    return {"doctor", [](CLI::App& root, Context& context) {
                auto options = std::make_shared<DoctorOptions>();
                CLI::App* app = root.add_subcommand("doctor", "What this kernel can do for seeing traffic, and what stays unseen");
                app->add_option("--format", options->format, "text, json, jsonl, csv or table")
                    ->check(CLI::IsMember({"text", "json", "jsonl", "csv", "table"}))
                    ->capture_default_str();
                app->footer(
                    "Needs no engine. As root it loads the programs that count traffic and attaches them in a network namespace of its own, which is gone\n"
                    "afterwards. Exit code: 0 traffic can be seen as it happens, 1 it cannot or that is unknown, 2 error.\n"
                    "Examples:\n"
                    "  sudo bulkhead doctor\n"
                    "  bulkhead doctor --format json | jq -r '.[] | select(.state != \"ok\") | .without'");
                app->callback([&context, options] { context.action = [&context, options] { return run_doctor(context.options, *options); }; });
            }};
}

}  // namespace bulkhead::cli
