// SPDX-License-Identifier: Apache-2.0
// IPv4 (RFC 791) and IPv6 with its extension headers (RFC 8200, section 4).
#include "packet/layers.h"

namespace bulkhead::packet {

namespace {

constexpr std::uint8_t hop_by_hop = 0, routing = 43, fragment_header = 44, destination_options = 60, mobility = 135, no_next = 59;
constexpr int max_extensions = 12;

Step read_ipv4(Cursor& at, Packet& packet) {
    if (!at.has(20)) return failed(Outcome::truncated);
    const std::uint32_t header = (at.u8(0) & 0x0fU) * 4U;
    std::uint32_t total = at.u16(2);
    if (header < 20) return failed(Outcome::malformed);
    if (total == 0) total = at.on_wire();  // cut into segments by the network card, behind where it was captured
    if (total < header) return failed(Outcome::malformed);
    packet.v4 = true;
    packet.source = packet.destination = {};
    at.copy(12, packet.source.data(), 4);
    at.copy(16, packet.destination.data(), 4);
    packet.protocol = at.u8(9);
    packet.ip_length = total;
    const std::uint16_t fragment = at.u16(6);
    const bool later = (fragment & 0x1fff) != 0;
    const bool more = (fragment & 0x2000) != 0;
    packet.fragment = later ? Fragment::later : more ? Fragment::first : Fragment::whole;
    packet.fragment_id = at.u16(4);
    if (total > at.on_wire()) packet.damaged = true;
    at.limit(total);
    if (!at.has(header)) return failed(Outcome::truncated);
    at.skip(header);
    return {Next::transport};
}

// Steps over one extension header; `kind` becomes that of the next.
Outcome step_over(Cursor& at, std::uint8_t& kind, Packet& packet) {
    if (!at.has(8)) return Outcome::truncated;
    const std::uint8_t next = at.u8(0);
    std::uint32_t length = (at.u8(1) + 1U) * 8U;
    if (kind == fragment_header) {
        length = 8;
        const std::uint16_t offset = at.u16(2);
        packet.fragment_id = at.u32(4);
        const bool later = (offset & 0xfff8) != 0;
        const bool more = (offset & 1) != 0;
        packet.fragment = later ? Fragment::later : more ? Fragment::first : Fragment::whole;
    } else if (kind == protocol::ah) {
        length = (at.u8(1) + 2U) * 4U;  // RFC 4302, section 2.2
    }
    if (!at.has(length)) return at.on_wire() < length ? Outcome::malformed : Outcome::truncated;
    at.skip(length);
    kind = next;
    return Outcome::ip;
}

bool is_extension(std::uint8_t kind) {
    return kind == hop_by_hop || kind == routing || kind == fragment_header || kind == destination_options || kind == mobility || kind == protocol::ah;
}

Step read_ipv6(Cursor& at, Packet& packet) {
    if (!at.has(40)) return failed(Outcome::truncated);
    std::uint32_t carried = at.u16(4);
    std::uint8_t kind = at.u8(6);
    packet.v4 = false;
    at.copy(8, packet.source.data(), 16);
    at.copy(24, packet.destination.data(), 16);
    packet.fragment = Fragment::whole;
    at.skip(40);
    // 0 is a jumbogram (RFC 2675), or was cut into segments behind the capture; or nothing comes.
    if (carried == 0 && kind != no_next) carried = at.on_wire();
    packet.ip_length = carried + 40;
    if (carried > at.on_wire()) packet.damaged = true;
    at.limit(carried);
    for (int extension = 0; is_extension(kind); ++extension) {
        if (extension == max_extensions) return failed(Outcome::too_deep);
        if (const Outcome outcome = step_over(at, kind, packet); outcome != Outcome::ip) return failed(outcome);
        if (packet.fragment == Fragment::later) break;
    }
    packet.protocol = kind;
    return {Next::transport};
}

}  // namespace

Step read_ip(Cursor& at, Packet& packet) {
    if (!at.has(1)) return failed(Outcome::truncated);
    switch (at.u8(0) >> 4) {
        case 4: return read_ipv4(at, packet);
        case 6: return read_ipv6(at, packet);
        default: return failed(Outcome::malformed);
    }
}

}  // namespace bulkhead::packet
