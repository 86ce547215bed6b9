// SPDX-License-Identifier: Apache-2.0
// From the wire to IP: Ethernet (IEEE 802.3), VLAN tags (802.1Q, 802.1ad), MPLS (RFC 3032), PPPoE (RFC 2516), and the pseudo headers
// that Linux and BSD write where there is no Ethernet (pcap-linktype(7)).
#include "packet/layers.h"

namespace bulkhead::packet {

namespace {

// EtherTypes, by IEEE's list.
constexpr std::uint16_t type_ipv4 = 0x0800, type_ipv6 = 0x86dd, type_vlan = 0x8100, type_service_vlan = 0x88a8, type_old_service_vlan = 0x9100,
                        type_mpls = 0x8847, type_mpls_multicast = 0x8848, type_pppoe_session = 0x8864;
constexpr std::uint16_t least_ethertype = 0x0600;  // below, the field is a length (802.3, 3.2.6)

// Families by the numbers of the systems that write them: 2 everywhere; 10 Linux, 24 NetBSD, 28 FreeBSD, 30 Darwin.
bool is_ip_family(std::uint32_t family) { return family == 2 || family == 10 || family == 24 || family == 28 || family == 30; }

Step start_null_loopback(Cursor& at) {
    if (!at.has(4)) return failed(Outcome::truncated);
    // In the byte order of whoever captured; families are small numbers, so that it shows.
    const std::uint32_t big = at.u32(0);
    const std::uint32_t family = big > 0xffff ? __builtin_bswap32(big) : big;
    at.skip(4);
    return is_ip_family(family) ? Step{Next::ip} : failed(Outcome::not_ip);
}

Step read_vlan(Cursor& at, Packet& packet) {
    if (!at.has(4)) return failed(Outcome::truncated);
    packet.vlan = at.u16(0) & 0x0fff;
    const std::uint16_t type = at.u16(2);
    at.skip(4);
    return type < least_ethertype ? failed(Outcome::not_ip) : Step{Next::ethertype, type};
}

// Labels say nothing of what they carry. Of what goes over MPLS it is IP by its version, or, behind a control word of zeroes
// (RFC 4385), Ethernet.
Step read_mpls(Cursor& at) {
    for (int label = 0; label < max_layers; ++label) {
        if (!at.has(4)) return failed(Outcome::truncated);
        const bool bottom = (at.u8(2) & 1) != 0;
        at.skip(4);
        if (!bottom) continue;
        if (!at.has(1)) return failed(Outcome::truncated);
        const int version = at.u8(0) >> 4;
        if (version == 4 || version == 6) return {Next::ip};
        if (version != 0 || !at.has(4)) return failed(Outcome::not_ip);
        at.skip(4);
        return {Next::ethernet};
    }
    return failed(Outcome::too_deep);
}

Step read_pppoe(Cursor& at) {
    if (!at.has(8)) return failed(Outcome::truncated);
    const std::uint16_t length = at.u16(4);
    const std::uint16_t carried = at.u16(6);
    if (at.u8(0) != 0x11 || length < 2) return failed(Outcome::malformed);
    at.skip(6);
    at.limit(length);
    at.skip(2);
    return carried == 0x0021 || carried == 0x0057 ? Step{Next::ip} : failed(Outcome::not_ip);
}

}  // namespace

Link link_of(int pcap_link_type) {
    switch (pcap_link_type) {
        case 1: return Link::ethernet;
        case 0:
        case 108: return Link::null_loopback;
        case 12:
        case 14:
        case 101:
        case 228:
        case 229: return Link::raw_ip;
        case 113: return Link::linux_sll;
        case 276: return Link::linux_sll2;
        default: return Link::unknown;
    }
}

Step start(Link link, Cursor& at) {
    switch (link) {
        case Link::ethernet: return {Next::ethernet};
        case Link::raw_ip: return {Next::ip};
        case Link::null_loopback: return start_null_loopback(at);
        case Link::linux_sll: {
            if (!at.has(16)) return failed(Outcome::truncated);
            const std::uint16_t type = at.u16(14);
            at.skip(16);
            return {Next::ethertype, type};
        }
        case Link::linux_sll2: {
            if (!at.has(20)) return failed(Outcome::truncated);
            const std::uint16_t type = at.u16(0);
            at.skip(20);
            return {Next::ethertype, type};
        }
        case Link::unknown: break;
    }
    return failed(Outcome::unknown_link);
}

Step read_ethernet(Cursor& at) {
    if (!at.has(14)) return failed(Outcome::truncated);
    const std::uint16_t type = at.u16(12);
    at.skip(14);
    return type < least_ethertype ? failed(Outcome::not_ip) : Step{Next::ethertype, type};
}

Step read_ethertype(std::uint16_t type, Cursor& at, Packet& packet) {
    switch (type) {
        case type_ipv4:
        case type_ipv6: return {Next::ip};
        case type_vlan:
        case type_service_vlan:
        case type_old_service_vlan: return read_vlan(at, packet);
        case type_mpls:
        case type_mpls_multicast: return read_mpls(at);
        case type_pppoe_session: return read_pppoe(at);
        default: return failed(Outcome::not_ip);
    }
}

}  // namespace bulkhead::packet
