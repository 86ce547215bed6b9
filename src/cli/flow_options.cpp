// SPDX-License-Identifier: Apache-2.0
#include "cli/flow_options.h"

#include <fmt/format.h>

#include "base/clock.h"
#include "cli/flow_naming.h"
#include "history/writer.h"

namespace bulkhead::cli {

namespace {

constexpr std::int64_t ns_per_ms = 1'000'000;
constexpr const char* which = "Which flows";
constexpr const char* which_said = "Which flows, by what was said";
constexpr const char* where_from = "Where from";

void add_end(CLI::App& app, const std::string& side, flow::EndWords& words) {
    const std::string begin = side.empty() ? "--" : "--" + side + "-";
    const std::string group = side.empty() ? which : side == "from" ? "Who began" : "Who was asked";
    const auto add = [&](const char* kind, std::vector<std::string>& into, const std::string& help) {
        app.add_option(begin + kind, into, side.empty() ? "an end on either side: " + help : help)->allow_extra_args(false)->group(group);
    };
    add("container", words.container, "container by its name or the beginning of its id");
    add("service", words.service, "service, or PROJECT/SERVICE");
    add("project", words.project, "Compose project or stack");
    add("network", words.network, "container network");
    add("image", words.image, "image its container was started from, with or without its tag");
    add("label", words.label, "label of its container: NAME or NAME=VALUE");
    add("ip", words.ip, "address or prefix");
    add("fqdn", words.fqdn, "name by DNS answers that were seen");
    add("port", words.port, "port or ports: 443, 8000-8099");
    add("kind", words.kind, "container, peer, service, gateway, host, node, external or unknown");
}

}  // namespace

void add_flow_input(CLI::App& app, FlowInput& input) {
    app.add_option("--pcap", input.capture.path, "a capture file: pcap or pcapng, also packed by gzip or zstd; - is standard input")->group(where_from);
    app.add_option("--containers", input.containers, "a snapshot that says which container had which address in the capture")->group(where_from);
    app.add_option("--flows", input.file, "a file of flows as --format jsonl writes them; - is standard input")->group(where_from);
    app.add_option("--history", input.history, "a folder of history; " + std::string(history::default_folder) + " where a time is asked for")
        ->group(where_from);
    app.add_flag("--follow", input.follow, "after the past go on with what comes (live flows are always followed)")->group(where_from);
    app.add_option("--flows-max", input.capture.flows_max, "flows of a capture kept at a time; beyond, one that was silent long ends early and is counted")
        ->check(CLI::Range(std::size_t{100}, std::size_t{50'000'000}))
        ->capture_default_str()
        ->group(where_from);
    app.add_option("--vxlan-port", input.capture.vxlan_ports, "the swarm's data path port where it is not 4789 (at most two)")
        ->expected(1, 2)
        ->group(where_from);
    app.add_option("--esp-keys", input.capture.esp_keys,
                   "a file of keys that open what is encrypted in a capture: `ip xfrm state`, or lines of SPI, key with salt, bits")
        ->group(where_from);
}

void add_flow_choice(CLI::App& app, FlowChoiceOptions& options) {
    flow::FilterWords& words = options.words;
    const auto add = [&](const char* option, std::vector<std::string>& into, const char* help, const char* group) {
        app.add_option(option, into, help)->allow_extra_args(false)->group(group);
    };
    add_end(app, "", words.either);
    add_end(app, "from", words.from);
    add_end(app, "to", words.to);
    add("--protocol", words.protocol, "tcp, udp, icmp, icmp6, sctp, esp, gre or a number", which);
    add("--vni", words.vni, "an overlay network's VXLAN identifier", which);
    add("--verdict", words.verdict, "allow, deny or audit", which);
    add("--process", words.process, "process that had the socket: its name, executable or pid", which);
    add("--node", words.node, "node that saw it, or that an end is on", which);
    add("--l7", words.l7, "what is spoken: http, dns, tls, postgresql, ...", which_said);
    add("--http-method", words.http_method, "method of a request", which_said);
    add("--http-host", words.http_host, "host of a request", which_said);
    add("--http-path", words.http_path, "path of a request: /orders/*", which_said);
    add("--http-status", words.http_status, "answer to a request: 404, 5xx, 400+, 500-503", which_said);
    add("--dns-name", words.dns_name, "name that was asked for: *.example.com", which_said);
    add("--sni", words.sni, "server's name in TLS", which_said);
    app.add_flag("--encrypted", words.encrypted, "seen encrypted on the wire between nodes")->group(which);
    app.add_flag("--unencrypted", words.unencrypted, "seen in the clear on the wire between nodes")->group(which);
    app.add_flag("--not", words.inverted, "all but those; times and --where are not turned round")->group(which);
    app.add_option("--since", words.since, "not before: 5m, 1h30m, 2d (ago), or 2026-11-22T12:00:00Z")->group(which);
    app.add_option("--until", words.until, "before: the same")->group(which);
    app.add_option("--last", words.last, "the last 5m, 1h30m, 2d")->group(which);
    app.add_option("--where", options.where, "an expression of SQL over a flow's fields: \"bytes_to_source > 1e6 and source_service = 'web'\"")->group(which);
}

Result<FlowChoice> FlowChoice::make(const FlowChoiceOptions& options) {
    FlowChoice out;
    auto filter = flow::make_filter(options.words, now_ms() * ns_per_ms);
    if (!filter) return std::unexpected(filter.error());
    out.filter_ = std::move(*filter);
    if (!options.where.empty()) {
        auto where = flow::Where::parse(options.where);
        if (!where) return std::unexpected(where.error().in("--where"));
        out.where_ = std::move(*where);
    }
    return out;
}

bool FlowChoice::takes(const flow::Observed& flow) {
    if (!failure_ || !filter_.takes(flow)) return false;
    if (!where_) return true;
    const auto holds = where_->takes(flow);
    if (!holds) failure_ = std::unexpected(holds.error().in("--where"));
    return holds && *holds;
}

Result<FlowSourcePtr> open_flows(const FlowInput& input, const GlobalOptions& global, const flow::Filter& filter) {
    const int named = (input.capture.path.empty() ? 0 : 1) + (input.file.empty() ? 0 : 1) + (input.history.empty() ? 0 : 1);
    if (named > 1) return fail(Code::invalid_input, "--pcap, --flows and --history exclude each other");
    if (!global.image.empty()) return fail(Code::invalid_input, "an archive of images has no flows: --image behind the command is the image of a container");
    if (!input.file.empty()) {
        if (!input.containers.empty())
            return fail(Code::invalid_input, "--containers names the addresses of a capture (--pcap); flows in a file have their names");
        if (filter.asks_labels()) return fail(Code::invalid_input, "flows in a file have no labels: filter by container, service or project");
        return open_flow_file(input.file);
    }
    if (input.capture.path.empty()) {
        if (!input.containers.empty() || !global.from.empty())
            return fail(Code::invalid_input, "a snapshot has no flows; with --pcap FILE it names a capture's addresses");
        if (!input.capture.esp_keys.empty()) return fail(Code::invalid_input, "--esp-keys open what is in a capture: give --pcap FILE");
        const bool past = filter.since_ns || filter.until_ns || !input.history.empty();
        if (!past) return open_live_flows(global);
        const std::string folder = input.history.empty() ? std::string(history::default_folder) : input.history;
        return open_history_flows(folder, filter, input.follow ? Following::yes : Following::no);
    }
    if (input.follow) return fail(Code::invalid_input, "a capture file is not followed; --pcap - reads one as it comes");
    CaptureInput capture = input.capture;
    const std::string& snapshot = input.containers.empty() ? global.from : input.containers;
    if (!snapshot.empty()) {
        auto name = naming_of(snapshot);
        if (!name) return std::unexpected(name.error());
        capture.name = std::move(*name);
    }
    return open_capture_flows(std::move(capture));
}

}  // namespace bulkhead::cli
