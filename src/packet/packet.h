// SPDX-License-Identifier: Apache-2.0
// What a frame says, read once and without a copy: the innermost IP packet with its ports, and what it was wrapped in. Values of a
// Packet are in host order; addresses are as on the wire. Any thread.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace bulkhead::packet {

// How a frame begins. The numbers libpcap uses for them are link_of's business (pcap-linktype(7)).
enum class Link : std::uint8_t { ethernet, raw_ip, linux_sll, linux_sll2, null_loopback, unknown };

Link link_of(int pcap_link_type);

using Address = std::array<std::uint8_t, 16>;  // IPv4: the first four bytes, the others zero

enum class Fragment : std::uint8_t { whole, first, later };  // a later one has no ports; (source, destination, protocol, id) leads to the first

// What became of a frame. Each frame has exactly one; all but `ip` are counted under their names and belong to no flow.
enum class Outcome : std::uint8_t {
    ip,            // a Packet
    not_ip,        // ARP, LLDP, spanning tree, PPP control, ...
    truncated,     // the capture ends before what is needed to tell the flow: addresses and ports
    malformed,     // a length or version that cannot be
    too_deep,      // more layers around it than max_layers
    unknown_link,  // the capture's link type is none of ours
};
inline constexpr int outcome_count = 6;
std::string_view name(Outcome outcome);

// Layers around the innermost packet, each tag and each tunnel being one; beyond, somebody plays with us.
inline constexpr int max_layers = 16;

namespace protocol {  // IANA protocol numbers that are looked into
inline constexpr std::uint8_t icmp = 1, ipip = 4, tcp = 6, udp = 17, ipv6 = 41, gre = 47, esp = 50, ah = 51, icmp6 = 58, sctp = 132, udplite = 136;
}

namespace tcp_flag {  // RFC 9293, section 3.1
inline constexpr std::uint8_t fin = 1, syn = 2, rst = 4, psh = 8, ack = 16, urg = 32, ece = 64, cwr = 128;
}

struct Tcp {
    std::uint32_t sequence = 0;
    std::uint32_t acknowledgement = 0;
    std::uint16_t window = 0;  // not scaled
    std::uint8_t flags = 0;
};

struct Packet {
    Address source{};
    Address destination{};
    std::uint16_t source_port = 0;  // ICMP: the identifier of an echo, in both, so that question and answer are one flow; 0 where there are none
    std::uint16_t destination_port = 0;
    std::uint8_t protocol = 0;  // IANA number, behind all extension headers
    bool v4 = true;
    Fragment fragment = Fragment::whole;
    bool damaged = false;  // the flow is certain, something behind the ports is not: a header cut off or with an impossible length
    std::uint32_t fragment_id = 0;
    std::uint8_t icmp_type = 0;
    std::uint8_t icmp_code = 0;
    Tcp tcp;
    std::uint32_t ip_length = 0;            // bytes of the innermost IP packet, header included, as it says (or as the frame has, where it says 0)
    std::uint32_t payload_length = 0;       // bytes behind the transport header on the wire
    std::span<const std::uint8_t> payload;  // the captured part of them; lives as long as the frame
    std::uint16_t vlan = 0;                 // of the innermost tag; 0 is none
    bool tunnelled = false;                 // VXLAN, GRE, IP in IP
    bool has_vni = false;
    std::uint32_t vni = 0;   // VXLAN network identifier (RFC 7348)
    Address outer_source{};  // of the outermost tunnel: the nodes
    Address outer_destination{};
    bool outer_v4 = true;
    std::uint32_t esp_spi = 0;  // RFC 4303; of the outermost
    std::uint32_t esp_sequence = 0;
    bool was_sealed = false;  // came out of ESP
};

class EspOpener;

struct DecodeOptions {
    // Swarm's data path port (docker swarm init --data-path-port); a second one for captures of several swarms.
    std::array<std::uint16_t, 2> vxlan_ports{4789, 0};
    // Opens what it has keys for; without it, what ESP carries stays closed. A Packet out of it lives until its recycle().
    EspOpener* esp = nullptr;
};

// frame: the captured bytes. wire_length: what the frame had on the wire, at least frame.size().
// `packet` holds the result when the outcome is `ip`, and rubbish otherwise.
Outcome decode(Link link, std::span<const std::uint8_t> frame, std::uint32_t wire_length, const DecodeOptions& options, Packet& packet);

}  // namespace bulkhead::packet
