// SPDX-License-Identifier: Apache-2.0
// `bulkhead observe --pcap`: who talked to whom in a capture file.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <map>
#include <memory>

#include "base/text.h"
#include "cli/command.h"
#include "cli/terminal.h"
#include "flow/filter.h"
#include "flow/flow_table.h"
#include "flow/record_text.h"
#include "packet/capture_file.h"
#include "packet/unpack.h"
#include "world/live/file_stream.h"

namespace bulkhead::cli {

namespace {

constexpr std::size_t flush_bytes = 64 * 1024;
constexpr std::size_t pairs_shown = 20;
constexpr std::uint64_t progress_every = 1U << 18;  // frames

struct ObserveOptions {
    std::string pcap;
    std::string format = "compact";
    bool summary = false;
    std::size_t flows_max = 1'000'000;
    std::vector<std::uint16_t> vxlan_ports;
    std::vector<std::string> address, from, to, protocol;
    std::vector<std::uint16_t> port, to_port;
    std::vector<std::uint32_t> vni;
    bool inverted = false;
};

Result<std::vector<Prefix>> prefixes_of(const std::vector<std::string>& given) {
    std::vector<Prefix> out;
    for (const std::string& one : given) {
        const auto prefix = Prefix::parse(one);
        if (!prefix) return std::unexpected(prefix.error());
        out.push_back(*prefix);
    }
    return out;
}

Result<flow::Filter> filter_of(const ObserveOptions& options) {
    flow::Filter filter{.ports = options.port, .to_ports = options.to_port, .networks = options.vni, .inverted = options.inverted};
    for (const auto& [given, place] :
         {std::pair{&options.address, &filter.either}, std::pair{&options.from, &filter.from}, std::pair{&options.to, &filter.to}}) {
        auto prefixes = prefixes_of(*given);
        if (!prefixes) return std::unexpected(prefixes.error());
        *place = std::move(*prefixes);
    }
    for (const std::string& one : options.protocol) {
        const auto protocol = flow::parse_protocol(one);
        if (!protocol) return std::unexpected(protocol.error());
        filter.protocols.push_back(*protocol);
    }
    return filter;
}

// Flows as they end, in pieces that are worth a write.
class FlowWriter {
  public:
    explicit FlowWriter(std::string_view format) : format_(format) {
        if (format_ == "json") out_ = "[";
    }
    void add(const flow::Record& record) {
        if (format_ == "json" && std::exchange(first_, false) == false) out_ += ",\n";
        if (format_ == "compact") {
            flow::append_compact(out_, record);
        } else {
            flow::append_json(out_, record);
        }
        if (format_ != "json") out_ += '\n';
        if (out_.size() >= flush_bytes) flush();
    }
    Result<void> finish() {
        if (format_ == "json") out_ += "]\n";
        flush();
        return result_;
    }

  private:
    void flush() {
        if (result_) result_ = write_out(out_);
        out_.clear();
    }
    std::string_view format_;
    std::string out_;
    bool first_ = true;
    Result<void> result_;
};

// What is left of a large file when only its pairs of ends are wanted. The ports of clients are no part of it.
class Summary {
  public:
    void add(const flow::Record& record) {
        Pair& pair = pairs_[{record.source(), record.destination(), record.destination_port(), record.key.network_and_protocol}];
        ++pair.flows;
        pair.packets += record.sent[0].packets + record.sent[1].packets;
        pair.bytes += record.sent[0].bytes + record.sent[1].bytes;
        pair.refused += record.end == flow::End::reset && record.sent[1].payload_bytes == 0 ? 1 : 0;
    }
    [[nodiscard]] std::string text() const {
        std::vector<std::pair<const Ends*, const Pair*>> order;
        for (const auto& [ends, pair] : pairs_) order.emplace_back(&ends, &pair);
        std::ranges::stable_sort(order, [](const auto& a, const auto& b) { return a.second->bytes > b.second->bytes; });
        std::string out = fmt::format("{} pairs of ends; by bytes:\n", order.size());
        for (std::size_t i = 0; i < std::min(order.size(), pairs_shown); ++i) {
            const auto& [ends, pair] = order[i];
            out += fmt::format("  {} {} -> {} port {}{}: {} flows, {} packets, {} bytes{}\n",
                               flow::protocol_name(static_cast<std::uint8_t>(ends->network_and_protocol)), flow::address_text(ends->source),
                               flow::address_text(ends->destination), ends->port,
                               ends->network_and_protocol >> 8 == 0 ? "" : fmt::format(" vni {}", ends->network_and_protocol >> 8), pair->flows, pair->packets,
                               pair->bytes, pair->refused == 0 ? "" : fmt::format(", {} reset without an answer", pair->refused));
        }
        if (order.size() > pairs_shown) out += fmt::format("  and {} more\n", order.size() - pairs_shown);
        return out;
    }

  private:
    struct Ends {
        packet::Address source, destination;
        std::uint16_t port;
        std::uint32_t network_and_protocol;
        auto operator<=>(const Ends&) const = default;
    };
    struct Pair {
        std::uint64_t flows = 0, packets = 0, bytes = 0, refused = 0;
    };
    std::map<Ends, Pair> pairs_;
};

using Outcomes = std::array<std::uint64_t, packet::outcome_count>;

// What the flows do not show has to be told: each frame that is none's, each loss, each end before its time.
std::string closing_line(const packet::CaptureCounts& file, const flow::Counts& flows, const Outcomes& outcomes, std::uint64_t shown) {
    std::string out = fmt::format("{} frames, {} flows", file.frames, flows.flows);
    if (shown != flows.flows) out += fmt::format(", {} of them chosen", shown);
    for (int i = 1; i < packet::outcome_count; ++i) {
        if (outcomes[static_cast<std::size_t>(i)] > 0)
            out += fmt::format("; {} frames {}", outcomes[static_cast<std::size_t>(i)], packet::name(static_cast<packet::Outcome>(i)));
    }
    if (flows.orphan_fragments > 0) out += fmt::format("; {} fragments without their first", flows.orphan_fragments);
    if (flows.evicted > 0) out += fmt::format("; {} flows ended early for want of place (--flows)", flows.evicted);
    if (file.dropped > 0) out += fmt::format("; {} frames were lost when it was captured", file.dropped);
    if (file.cut) out += "; the file ends within a frame";
    return out;
}

Result<std::unique_ptr<packet::CaptureFile>> open_capture(const std::string& path) {
    auto bytes = path == "-" ? world::open_standard_input() : world::open_file_stream(path);
    if (!bytes) return std::unexpected(bytes.error());
    auto plain = packet::unpack(std::move(*bytes));
    if (!plain) return std::unexpected(plain.error().in(path));
    auto capture = packet::CaptureFile::open(std::move(*plain));
    if (!capture) return std::unexpected(capture.error().in(path));
    return capture;
}

int run_observe(const ObserveOptions& options) {
    const auto filter = filter_of(options);
    if (!filter) {
        complain(filter.error());
        return exit_error;
    }
    auto capture = open_capture(options.pcap);
    if (!capture) {
        complain(capture.error());
        return exit_error;
    }
    packet::DecodeOptions decoding;
    for (std::size_t i = 0; i < std::min(options.vxlan_ports.size(), decoding.vxlan_ports.size()); ++i) decoding.vxlan_ports[i] = options.vxlan_ports[i];
    FlowWriter writer(options.format);
    Summary summary;
    std::uint64_t shown = 0;
    flow::FlowTable table({.flows_max = options.flows_max}, [&](const flow::Record& record) {
        if (!filter->takes(record)) return;
        ++shown;
        if (options.summary) {
            summary.add(record);
        } else {
            writer.add(record);
        }
    });
    Outcomes outcomes{};
    packet::Frame frame;
    packet::Packet packet;
    ProgressLine progress(is_terminal(STDERR_FILENO) && !is_terminal(STDOUT_FILENO));
    Result<bool> more = true;
    while ((more = (*capture)->next(frame)) && *more) {
        const auto outcome = packet::decode((*capture)->interfaces()[frame.interface].link, frame.bytes, frame.wire_length, decoding, packet);
        ++outcomes[static_cast<std::size_t>(outcome)];
        if (outcome == packet::Outcome::ip) table.add(packet, frame.wire_length, frame.time_ns);
        if ((*capture)->counts().frames % progress_every == 0)
            progress.show(fmt::format("{} frames, {} flows at the moment", (*capture)->counts().frames, table.size()));
    }
    table.finish();
    progress.clear();
    const auto written = options.summary ? write_out(summary.text()) : writer.finish();
    complain(closing_line((*capture)->counts(), table.counts(), outcomes, shown));
    if (!written) complain(written.error());
    if (!more) complain(more.error().in(options.pcap));
    return written && more ? exit_good : exit_error;
}

void add_filters(CLI::App& app, ObserveOptions& options) {
    app.add_option("--ip", options.address, "an end on either side: an address or a prefix (may be repeated)")->allow_extra_args(false)->group("Which flows");
    app.add_option("--from-ip", options.from, "who began")->allow_extra_args(false)->group("Which flows");
    app.add_option("--to-ip", options.to, "who was asked")->allow_extra_args(false)->group("Which flows");
    app.add_option("--port", options.port, "a port on either side")->allow_extra_args(false)->group("Which flows");
    app.add_option("--to-port", options.to_port, "the port that was asked")->allow_extra_args(false)->group("Which flows");
    app.add_option("--protocol", options.protocol, "tcp, udp, icmp, icmp6, sctp, esp, gre or a number")->allow_extra_args(false)->group("Which flows");
    app.add_option("--vni", options.vni, "an overlay network's VXLAN identifier")->allow_extra_args(false)->group("Which flows");
    app.add_flag("--not", options.inverted, "all but those")->group("Which flows");
}

}  // namespace

Command observe() {
    return {
        "observe", [](CLI::App& root, Context& context) {
            auto options = std::make_shared<ObserveOptions>();
            CLI::App* app = root.add_subcommand("observe", "Who talked to whom: flows out of a capture file");
            app->add_option("--pcap", options->pcap, "a capture file: pcap or pcapng, also packed by gzip or zstd")->required();
            app->add_option("--format", options->format, "compact, jsonl or json")->check(CLI::IsMember({"compact", "jsonl", "json"}))->capture_default_str();
            app->add_flag("--summary", options->summary, "who sent most to whom, in place of the flows");
            app->add_option("--flows", options->flows_max, "flows kept at a time; beyond, one that was silent long ends early and is counted")
                ->check(CLI::Range(std::size_t{100}, std::size_t{50'000'000}))
                ->capture_default_str();
            app->add_option("--vxlan-port", options->vxlan_ports, "the swarm's data path port where it is not 4789 (at most two)")->expected(1, 2);
            add_filters(*app, *options);
            app->footer(
                "Flows are written as they end; what is no flow (ARP, broken frames, losses) is counted at the end, on standard error.\n"
                "Examples:\n"
                "  bulkhead observe --pcap trace.pcapng\n"
                "  bulkhead observe --pcap trace.pcap.gz --to-port 443 --format jsonl | jq -r '.destination.ip' | sort | uniq -c\n"
                "  bulkhead observe --pcap overlay.pcap --vni 4097 --summary");
            app->callback([&context, options] { context.action = [options] { return run_observe(*options); }; });
        }};
}

}  // namespace bulkhead::cli
