// SPDX-License-Identifier: Apache-2.0
// `bulkhead map`: flows drawn as a graph of services.
#include <fmt/format.h>
#include <unistd.h>

#include <memory>

#include "cli/command.h"
#include "cli/flow_options.h"
#include "cli/output_file.h"
#include "cli/stop_on_interrupt.h"
#include "cli/terminal.h"
#include "flow/graph.h"

namespace bulkhead::cli {

namespace {

struct MapOptions {
    FlowInput input;
    FlowChoiceOptions choice;
    std::string format = "mermaid";
    std::string output;
    std::size_t links_max = 200;
};

std::string map_text(const std::string& format, const flow::Edges& edges, std::size_t links_max) {
    const flow::Graph graph = flow::graph_of(edges, links_max);
    if (format == "dot") return flow::dot_text(graph);
    if (format == "json") return flow::map_json_text(graph, edges);
    if (format == "svg") return flow::svg_text(graph);
    return flow::mermaid_text(graph);
}

int run_map(const MapOptions& options, const GlobalOptions& global) {
    const auto refuse = [](const Error& error) {
        complain(error);
        return exit_error;
    };
    auto choice = FlowChoice::make(options.choice);
    if (!choice) return refuse(choice.error());
    std::unique_ptr<OutputFile> file;
    if (!options.output.empty()) {
        auto opened = OutputFile::create(options.output);
        if (!opened) return refuse(opened.error());
        file = std::move(*opened);
    }
    ProgressLine progress(is_terminal(STDERR_FILENO));
    FlowInput input = options.input;
    input.capture.progress = [&](const std::string& line) { progress.show(line); };
    auto source = open_flows(input, global, choice->filter());
    if (!source) return refuse(source.error());
    flow::Edges edges;
    std::uint64_t chosen = 0;
    const StopOnInterrupt stop;
    const auto ran = (*source)->run(stop.token(), [&](const flow::Observed& flow, flow::Moment moment) {
        if (!choice->takes(flow)) return choice->failure().has_value();
        edges.add(flow, moment);
        chosen += moment == flow::Moment::over ? 1 : 0;
        return true;
    });
    progress.clear();
    const std::string text = map_text(options.format, edges, options.links_max);
    const auto written = file ? file->finish(text) : write_out(text);
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

Command map() {
    return {"map", [](CLI::App& root, Context& context) {
                auto options = std::make_shared<MapOptions>();
                CLI::App* app = root.add_subcommand("map", "Who talks to whom as a graph: dot, mermaid, json or svg");
                add_flow_input(*app, options->input);
                app->add_option("--format", options->format, "dot, mermaid, json or svg")
                    ->check(CLI::IsMember(std::vector<std::string>(std::begin(flow::map_formats), std::end(flow::map_formats))))
                    ->capture_default_str();
                app->add_option("--output", options->output, "a file to write it to");
                app->add_option("--links-max", options->links_max, "links drawn, most bytes first; what is beyond is counted")
                    ->check(CLI::Range(std::size_t{1}, std::size_t{20'000}))
                    ->capture_default_str();
                add_flow_choice(*app, options->choice);
                app->footer(
                    "Containers of one service are one end, clients from outside without a name are one. Without a source this host is watched until Ctrl-C.\n"
                    "Examples:\n"
                    "  bulkhead map --last 1h --format svg --output map.svg\n"
                    "  bulkhead map --pcap trace.pcapng --containers host.snapshot --format dot | dot -Tpng > map.png\n"
                    "  bulkhead observe --last 1d --format jsonl | bulkhead map --flows - --project shop");
                app->callback([&context, options] { context.action = [&context, options] { return run_map(*options, context.options); }; });
            }};
}

}  // namespace bulkhead::cli
