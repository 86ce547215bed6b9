// SPDX-License-Identifier: Apache-2.0
// Ports and what else tells a flow: TCP (RFC 9293), UDP (RFC 768), SCTP (RFC 9260), ICMP (RFC 792, RFC 4443), ESP (RFC 4303); and
// the tunnels that are opened: VXLAN (RFC 7348), GRE (RFC 2784, RFC 2890), IP in IP (RFC 2003, RFC 4213).
#include "packet/esp.h"
#include "packet/layers.h"

namespace bulkhead::packet {

namespace {

Step take_payload(Cursor& at, Packet& packet) {
    packet.payload_length = at.on_wire();
    packet.payload = at.rest();
    return {Next::done};
}

Step read_tcp(Cursor& at, Packet& packet) {
    packet.source_port = at.u16(0);
    packet.destination_port = at.u16(2);
    if (!at.has(20)) {
        packet.damaged = true;
        if (at.has(14)) packet.tcp.flags = at.u8(13);
        at.skip_up_to(20);
        return take_payload(at, packet);
    }
    packet.tcp = {at.u32(4), at.u32(8), at.u16(14), at.u8(13)};
    const std::uint32_t header = (at.u8(12) >> 4U) * 4U;
    if (header < 20 || header > at.on_wire()) {
        packet.damaged = true;
        at.skip(20);
        return take_payload(at, packet);
    }
    at.skip_up_to(header);
    return take_payload(at, packet);
}

bool is_vxlan(const Cursor& at, const DecodeOptions& options, const Packet& packet) {
    if (packet.destination_port == 0 || packet.fragment != Fragment::whole) return false;
    if (packet.destination_port != options.vxlan_ports[0] && packet.destination_port != options.vxlan_ports[1]) return false;
    // The I flag says that there is a network identifier; without it the frame is not ours to open.
    return at.has(8 + 14) && (at.u8(0) & 0x08) != 0;
}

Step read_udp(Cursor& at, const DecodeOptions& options, Packet& packet) {
    packet.source_port = at.u16(0);
    packet.destination_port = at.u16(2);
    if (!at.has(8)) {
        packet.damaged = true;
        at.skip_up_to(8);
        return take_payload(at, packet);
    }
    const std::uint32_t length = at.u16(4);
    if (length != 0 && length < 8) packet.damaged = true;  // 0: a jumbogram (RFC 2675), or segments to be
    at.skip(8);
    if (length >= 8) at.limit(length - 8);
    if (!is_vxlan(at, options, packet)) return take_payload(at, packet);
    enter_tunnel(packet);
    packet.has_vni = true;
    packet.vni = at.u32(4) >> 8;
    at.skip(8);
    return {Next::ethernet};
}

Step read_icmp(Cursor& at, Packet& packet) {
    packet.icmp_type = at.u8(0);
    packet.icmp_code = at.u8(1);
    const bool echo = packet.protocol == protocol::icmp ? packet.icmp_type == 0 || packet.icmp_type == 8 : packet.icmp_type == 128 || packet.icmp_type == 129;
    if (echo && at.has(6)) packet.source_port = packet.destination_port = at.u16(4);
    at.skip_up_to(8);
    return take_payload(at, packet);
}

Step read_gre(Cursor& at, Packet& packet) {
    const std::uint16_t flags = at.u16(0);
    const std::uint16_t type = at.u16(2);
    // Version 1 is PPTP's; routing (0x4000) is of the past. Neither is opened: it stays a flow of protocol 47.
    if ((flags & 0x4007) != 0) return take_payload(at, packet);
    const std::uint32_t header = 4U + ((flags & 0x8000) != 0 ? 4U : 0U) + ((flags & 0x2000) != 0 ? 4U : 0U) + ((flags & 0x1000) != 0 ? 4U : 0U);
    const bool opened = type == 0x0800 || type == 0x86dd || type == 0x6558;
    if (!opened || !at.has(header + 1)) return take_payload(at, packet);
    enter_tunnel(packet);
    at.skip(header);
    return type == 0x6558 ? Step{Next::ethernet} : Step{Next::ip};
}

Step read_esp(Cursor& at, const DecodeOptions& options, Packet& packet) {
    if (!at.has(8)) return failed(Outcome::truncated);
    if (!packet.was_sealed) {
        packet.esp_spi = at.u32(0);
        packet.esp_sequence = at.u32(4);
    }
    const auto opened = options.esp == nullptr || packet.fragment != Fragment::whole ? std::nullopt : options.esp->open(at.rest(), at.on_wire());
    if (!opened) {
        at.skip(8);
        return take_payload(at, packet);
    }
    packet.was_sealed = true;
    packet.protocol = opened->next_header;
    at = Cursor(opened->inside, static_cast<std::uint32_t>(opened->inside.size()));
    return {Next::transport};
}

// The least that must be there to tell the flow. Where the wire had not even that, the packet is wrong; else the capture is short.
Step too_short(const Cursor& at, std::uint32_t least) { return failed(at.on_wire() < least ? Outcome::malformed : Outcome::truncated); }

}  // namespace

Step read_transport(Cursor& at, const DecodeOptions& options, Packet& packet) {
    if (packet.fragment == Fragment::later) return take_payload(at, packet);
    switch (packet.protocol) {
        case protocol::tcp: return at.has(4) ? read_tcp(at, packet) : too_short(at, 4);
        case protocol::udp:
        case protocol::udplite: return at.has(4) ? read_udp(at, options, packet) : too_short(at, 4);
        case protocol::sctp:
            if (!at.has(4)) return too_short(at, 4);
            packet.source_port = at.u16(0);
            packet.destination_port = at.u16(2);
            at.skip_up_to(12);
            return take_payload(at, packet);
        case protocol::icmp:
        case protocol::icmp6: return at.has(2) ? read_icmp(at, packet) : too_short(at, 2);
        case protocol::gre: return at.has(4) ? read_gre(at, packet) : too_short(at, 4);
        case protocol::esp: return read_esp(at, options, packet);
        case protocol::ipip:
        case protocol::ipv6:
            if (!at.has(1)) return too_short(at, 1);
            enter_tunnel(packet);
            return {Next::ip};
        default: return take_payload(at, packet);
    }
}

}  // namespace bulkhead::packet
