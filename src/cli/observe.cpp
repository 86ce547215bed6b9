// SPDX-License-Identifier: Apache-2.0
// `bulkhead observe`: who talks to whom. Where flows come from is flow_options' business, how they are written flow_output's.
#include <fmt/format.h>
#include <unistd.h>

#include <memory>

#include "cli/command.h"
#include "cli/flow_options.h"
#include "cli/flow_output.h"
#include "cli/stop_on_interrupt.h"
#include "cli/terminal.h"
#include "flow/edges.h"
#include "flow/observed_text.h"

namespace bulkhead::cli {

namespace {

struct ObserveOptions {
    FlowInput input;
    FlowChoiceOptions choice;
    std::string format = "compact";
    bool summary = false;
    bool numeric = false;
    std::uint64_t first = 0;  // flows; 0: all
};

int run_observe(const ObserveOptions& options, const GlobalOptions& global) {
    auto choice = FlowChoice::make(options.choice);
    if (!choice) {
        complain(choice.error());
        return exit_error;
    }
    const bool on_terminal = is_terminal(STDOUT_FILENO);
    ProgressLine progress(is_terminal(STDERR_FILENO) && !on_terminal);
    FlowInput input = options.input;
    input.capture.progress = [&](const std::string& line) { progress.show(line); };
    auto source = open_flows(input, global, choice->filter());
    if (!source) {
        complain(source.error());
        return exit_error;
    }
    const report::RenderOptions render = render_options(global.no_color);
    const bool color = render.color != report::Color::off;
    const bool at_once = on_terminal || (input.capture.path.empty() && input.file.empty());
    FlowOutput output(options.summary ? "compact" : options.format, {.color = color, .width = on_terminal ? render.width : 0, .numeric = options.numeric},
                      at_once ? FlowOutput::Flush::each : FlowOutput::Flush::when_worth_it);
    flow::Edges edges;
    std::uint64_t chosen = 0;
    const StopOnInterrupt stop;
    const auto ran = (*source)->run(stop.token(), [&](const flow::Observed& flow, flow::Moment moment) {
        if (!choice->takes(flow)) return choice->failure().has_value();
        if (options.summary) {
            edges.add(flow, moment);
            chosen += moment == flow::Moment::over ? 1 : 0;
            return true;
        }
        if (moment == flow::Moment::going_on) return true;
        ++chosen;
        return output.add(flow, moment) && (options.first == 0 || chosen < options.first);
    });
    progress.clear();
    const auto written = options.summary ? write_out(flow::summary_text(edges, {.width = render.width, .color = color})) : output.finish();
    if (const std::string line = (*source)->account(chosen); !line.empty()) complain(line);
    bool good = true;
    for (const auto& result : {written, choice->failure(), ran}) {
        if (result) continue;
        complain(result.error());
        good = false;
    }
    return good ? exit_good : exit_error;
}

}  // namespace

Command observe() {
    return {"observe", [](CLI::App& root, Context& context) {
                auto options = std::make_shared<ObserveOptions>();
                CLI::App* app = root.add_subcommand("observe", "Who talks to whom: flows with their meaning");
                add_flow_input(*app, options->input);
                app->add_option("--format", options->format, "compact, table, dict, json or jsonl")
                    ->check(CLI::IsMember(std::vector<std::string>(std::begin(flow::observed_formats), std::end(flow::observed_formats))))
                    ->capture_default_str();
                app->add_flag("--summary", options->summary, "who talks most to whom, what was new, what failed, in place of the flows");
                app->add_flag("--numeric", options->numeric, "addresses in the place of names (compact, table)");
                app->add_option("--first", options->first, "only that many flows")->check(CLI::PositiveNumber);
                add_flow_choice(*app, options->choice);
                app->footer(
                    "Filters of one kind are alternatives, kinds have to hold together; in names * stands for any text and ? for one character.\n"
                    "Without a source: with --since, --until or --last the history that bulkhead serve keeps, else this host as it runs (Ctrl-C ends it).\n"
                    "Flows of a capture are written as they end; what is no flow (ARP, broken frames, losses) is counted at the end, on standard error.\n"
                    "Examples:\n"
                    "  bulkhead observe                                   this host, as it happens\n"
                    "  bulkhead observe --last 1h --from-project shop --to-kind external\n"
                    "  bulkhead observe --pcap trace.pcapng --containers host.snapshot\n"
                    "  bulkhead observe --pcap trace.pcap.gz --from-service shop/web --to-port 5432 --format table\n"
                    "  bulkhead observe --pcap trace.pcap --to-kind external --not --to-fqdn '*.example.com'\n"
                    "  bulkhead observe --pcap trace.pcap --format jsonl | jq -r .destination.ip | sort | uniq -c\n"
                    "  bulkhead observe --flows flows.jsonl --http-status 5xx --where \"tcp_rtt_us > 50000\"\n"
                    "  bulkhead observe --pcap overlay.pcap --vni 4097 --summary");
                app->callback([&context, options] { context.action = [&context, options] { return run_observe(*options, context.options); }; });
            }};
}

}  // namespace bulkhead::cli
