// SPDX-License-Identifier: Apache-2.0
// The walk from the frame's first byte to the innermost transport header.
#include "packet/layers.h"

namespace bulkhead::packet {

std::string_view name(Outcome outcome) {
    switch (outcome) {
        case Outcome::ip: return "ip";
        case Outcome::not_ip: return "not_ip";
        case Outcome::truncated: return "truncated";
        case Outcome::malformed: return "malformed";
        case Outcome::too_deep: return "too_deep";
        case Outcome::unknown_link: return "unknown_link";
    }
    return "unknown";
}

void enter_tunnel(Packet& packet) {
    if (!packet.tunnelled) {
        packet.tunnelled = true;
        packet.outer_source = packet.source;
        packet.outer_destination = packet.destination;
        packet.outer_v4 = packet.v4;
    }
    packet.fragment = Fragment::whole;
    packet.fragment_id = 0;
    packet.source_port = packet.destination_port = 0;
}

Outcome decode(Link link, std::span<const std::uint8_t> frame, std::uint32_t wire_length, const DecodeOptions& options, Packet& packet) {
    packet = {};
    Cursor at(frame, wire_length);
    Step step = start(link, at);
    for (int layer = 0; layer < max_layers; ++layer) {
        switch (step.next) {
            case Next::ethernet: step = read_ethernet(at); break;
            case Next::ethertype: step = read_ethertype(step.type, at, packet); break;
            case Next::ip: step = read_ip(at, packet); break;
            case Next::transport: step = read_transport(at, options, packet); break;
            case Next::done: return Outcome::ip;
            case Next::failed: return step.outcome;
        }
    }
    return step.next == Next::done ? Outcome::ip : step.next == Next::failed ? step.outcome : Outcome::too_deep;
}

}  // namespace bulkhead::packet
