// SPDX-License-Identifier: Apache-2.0
// Flows out of a capture file.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "agent/dns_names.h"
#include "audit/input_file.h"
#include "cli/flow_sources.h"
#include "flow/flow_table.h"
#include "l7/packets.h"
#include "packet/capture_file.h"
#include "packet/esp.h"
#include "packet/unpack.h"
#include "world/live/file_stream.h"

namespace bulkhead::cli {

namespace {

constexpr std::uint64_t progress_every = 1U << 18;  // frames
constexpr std::uint16_t dns_port = 53;
constexpr std::size_t esp_keys_bytes_max = 1U << 20U;
constexpr std::size_t together = 64;  // frames that are worked on at a time

std::string esp_account(const packet::EspCounts& counts) {
    std::string out = fmt::format("; {} frames were opened with a key", counts.opened);
    if (counts.unknown > 0) out += fmt::format(", {} have an SPI of which there is none", counts.unknown);
    if (counts.wrong > 0) out += fmt::format(", {} do not open with the key for their SPI", counts.wrong);
    if (counts.cut > 0) out += fmt::format(", {} were not captured whole", counts.cut);
    if (counts.malformed > 0) out += fmt::format(", {} are malformed", counts.malformed);
    return out;
}

Result<std::unique_ptr<packet::EspOpener>> open_esp(const std::string& file) {
    if (file.empty()) return nullptr;
    const auto text = audit::read_input_file(file, "the keys", esp_keys_bytes_max);
    if (!text) return std::unexpected(text.error());
    const auto keys = packet::parse_esp_keys(*text, file);
    if (!keys) return std::unexpected(keys.error());
    if (keys->empty()) return fail(Code::invalid_input, file + " holds no key");
    auto esp = std::make_unique<packet::EspOpener>();
    for (const packet::EspKey& key : *keys) {
        if (auto added = esp->add(key); !added) return std::unexpected(added.error().in(file));
    }
    return esp;
}

class CaptureFlows : public flow::FlowSource {
  public:
    CaptureFlows(CaptureInput input, std::unique_ptr<packet::CaptureFile> capture, std::unique_ptr<packet::EspOpener> esp)
        : input_(std::move(input)), capture_(std::move(capture)), esp_(std::move(esp)) {}

    Result<void> run(const std::stop_token& stop, const flow::Taken& taken) override {
        packet::DecodeOptions decoding;
        for (std::size_t i = 0; i < std::min(input_.vxlan_ports.size(), decoding.vxlan_ports.size()); ++i) decoding.vxlan_ports[i] = input_.vxlan_ports[i];
        bool wanted = true;
        flow::FlowTable table({.flows_max = input_.flows_max}, [&](const flow::Record& record) {
            const flow::Observed flow = observed(record);
            if (wanted) wanted = taken(flow, flow::Moment::over);
        });
        decoding.esp = esp_.get();
        std::vector<packet::Frame> frames(together);
        std::vector<flow::Arrival> packets(together);
        const flow::FlowTable::Each look = [&](std::size_t i, flow::Record& record) { look_into(record, packets[i].packet, packets[i].time_ns); };
        std::uint64_t told = 0;
        Result<std::size_t> more = 0;
        while (wanted && !stop.stop_requested() && (more = capture_->next(frames)) && *more > 0) {
            if (esp_) esp_->recycle();
            std::size_t count = 0;
            for (const packet::Frame& frame : std::span(frames).first(*more)) {
                flow::Arrival& arrival = packets[count];
                const auto outcome = packet::decode(capture_->interfaces()[frame.interface].link, frame.bytes, frame.wire_length, decoding, arrival.packet);
                ++outcomes_[static_cast<std::size_t>(outcome)];
                arrival.wire_bytes = frame.wire_length;
                arrival.time_ns = frame.time_ns;
                count += outcome == packet::Outcome::ip ? 1 : 0;
            }
            table.add(std::span(packets).first(count), look);
            const std::uint64_t seen = capture_->counts().frames;
            if (!input_.progress || seen - told < progress_every) continue;
            told = seen;
            input_.progress(fmt::format("{} frames, {} flows at the moment", seen, table.size()));
        }
        table.finish();
        counts_ = table.counts();
        if (!more) return std::unexpected(more.error().in(input_.path));
        return {};
    }

    // Each frame that is no flow's, each loss, each end before its time.
    [[nodiscard]] std::string account(std::uint64_t chosen) const override {
        const packet::CaptureCounts& file = capture_->counts();
        std::string out = fmt::format("{} frames, {} flows", file.frames, counts_.flows);
        if (chosen != counts_.flows) out += fmt::format(", {} of them chosen", chosen);
        for (int i = 1; i < packet::outcome_count; ++i) {
            const std::uint64_t frames = outcomes_[static_cast<std::size_t>(i)];
            if (frames > 0) out += fmt::format("; {} frames {}", frames, packet::name(static_cast<packet::Outcome>(i)));
        }
        if (counts_.orphan_fragments > 0) out += fmt::format("; {} fragments without their first", counts_.orphan_fragments);
        if (counts_.evicted > 0) out += fmt::format("; {} flows ended early for want of place (--flows-max)", counts_.evicted);
        if (file.dropped > 0) out += fmt::format("; {} frames were lost when it was captured", file.dropped);
        if (file.cut) out += "; the file ends within a frame";
        if (esp_) out += esp_account(esp_->counts());
        return out;
    }

  private:
    void look_into(flow::Record& record, const packet::Packet& packet, std::int64_t time_ns) {
        l7::show(inspector_, record, packet, time_ns);
        // An answer names the address before it is talked to: its own flow ends too late for that.
        if (packet.source_port != dns_port || packet.payload_length == 0 || record.l7_slot == 0) return;
        const flow::L7Ptr known = inspector_.look(record.l7_slot);
        if (!known || known->dns.empty()) return;
        names_.learn(record.source(), known->dns.back());
    }
    flow::Observed observed(const flow::Record& record) {
        flow::Observed out;
        if (input_.name) {
            out = input_.name(record);
        } else {
            out.record = record;
        }
        std::uint32_t slot = record.l7_slot;
        out.l7 = inspector_.take(slot);
        out.destination.names = names_.names(record.source(), record.destination(), record.first_ns);
        return out;
    }

    CaptureInput input_;
    std::unique_ptr<packet::CaptureFile> capture_;
    std::unique_ptr<packet::EspOpener> esp_;  // null: nobody gave keys
    std::array<std::uint64_t, packet::outcome_count> outcomes_{};
    flow::Counts counts_;
    l7::Inspector inspector_;
    agent::DnsNames names_;
};

}  // namespace

Result<FlowSourcePtr> open_capture_flows(CaptureInput input) {
    auto esp = open_esp(input.esp_keys);
    if (!esp) return std::unexpected(esp.error());
    auto bytes = input.path == "-" ? world::open_standard_input() : world::open_file_stream(input.path);
    if (!bytes) return std::unexpected(bytes.error());
    auto plain = packet::unpack(std::move(*bytes));
    if (!plain) return std::unexpected(plain.error().in(input.path));
    auto capture = packet::CaptureFile::open(std::move(*plain));
    if (!capture) return std::unexpected(capture.error().in(input.path));
    return std::make_unique<CaptureFlows>(std::move(input), std::move(*capture), std::move(*esp));
}

}  // namespace bulkhead::cli
