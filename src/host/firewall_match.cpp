// SPDX-License-Identifier: Apache-2.0
// Conditions of iptables: iptables(8) and iptables-extensions(8).
#include "host/firewall_match.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace bulkhead::host {

namespace {

// /etc/protocols, as iptables and nft print them.
struct Protocol {
    std::string_view name;
    int number;
};
constexpr std::array protocols = {
    Protocol{"icmp", 1},    Protocol{"igmp", 2},  Protocol{"tcp", 6},    Protocol{"udp", 17},      Protocol{"dccp", 33},
    Protocol{"ipv6", 41},   Protocol{"gre", 47},  Protocol{"esp", 50},   Protocol{"ah", 51},       Protocol{"ipv6-icmp", 58},
    Protocol{"icmpv6", 58}, Protocol{"ospf", 89}, Protocol{"sctp", 132}, Protocol{"udplite", 136},
};

std::optional<int> protocol_number(std::string_view text) {
    for (const auto& protocol : protocols) {
        if (protocol.name == text) return protocol.number;
    }
    const auto number = text::to_integer(text);
    if (number && *number >= 0 && *number <= 255) return static_cast<int>(*number);
    return std::nullopt;
}

template <class Each>
Met any_of(std::string_view list, Each each) {
    Met out = Met::no;
    for (const auto part : text::split(list, ',')) out = std::max(out, each(part));
    return out;
}

// RFC 793: the packet opens the connection, so of all flags only SYN is set.
Met met_tcp_flags(const FirewallMatch& match) {
    if (match.values.size() != 2) return Met::open;
    bool syn_looked_at = false;
    for (const auto flag : text::split(match.values[0], ',')) syn_looked_at = syn_looked_at || flag == "SYN" || flag == "ALL";
    return sure(match.values[1] == (syn_looked_at ? "SYN" : "NONE"));
}

Met met_ports(const FirewallMatch& match, const Packet& packet, const std::string& list) {
    const auto in_list = [&](const std::optional<int>& port) { return any_of(list, [&](std::string_view part) { return met_port(part, ':', port); }); };
    if (match.option == "--dport" || match.option == "--dports") return in_list(packet.flow.destination_port);
    if (match.option == "--sport" || match.option == "--sports") return in_list(packet.flow.source_port);
    if (match.option == "--ports") return std::max(in_list(packet.flow.source_port), in_list(packet.flow.destination_port));
    return Met::open;
}

// A forwarded packet is for somebody else and comes from somebody else; before routing its destination may still be rewritten.
Met met_address_type(const FirewallMatch& match, const Packet& packet, const std::string& types) {
    if (types != "LOCAL" || (match.option != "--dst-type" && match.option != "--src-type")) return Met::open;
    return packet.hook == "prerouting" && match.option == "--dst-type" ? Met::open : Met::no;
}

// net/netfilter/xt_physdev.c: the ports of the bridge are known to the kernel, and not to a flow; only whether it is bridged is.
Met met_physdev(const FirewallMatch& match, const Packet& packet) {
    if (match.option == "--physdev-is-bridged" && packet.hook == "forward") return sure(packet.flow.bridged);
    if (match.option == "--physdev-is-in" && packet.flow.bridged) return Met::yes;
    if (match.option == "--physdev-is-out" && packet.flow.bridged && packet.hook == "forward") return Met::yes;
    return Met::open;
}

Met met_tracking(const FirewallMatch& match, const Packet& packet, const std::string& value) {
    if (match.option == "--ctstate" || match.option == "--state") {
        return any_of(value, [&](std::string_view state) { return met_state(state, packet.tracked); });
    }
    if (match.option == "--ctdir" && packet.tracked) return sure(value == "ORIGINAL");
    return Met::open;
}

Met met_policy(const FirewallMatch& match, const std::string& value) {
    if (match.option == "--dir") return Met::yes;
    if (match.option == "--pol") return sure(value == "none");
    return Met::open;
}

Met met_module(const FirewallMatch& match, const Packet& packet, const std::string& value) {
    const std::string& module = match.module;
    if (module == "comment") return Met::yes;
    if (module == "conntrack" || module == "state") return met_tracking(match, packet, value);
    if (module == "addrtype") return met_address_type(match, packet, value);
    if (module == "physdev") return met_physdev(match, packet);
    if (module == "policy") return met_policy(match, value);
    if (module == "rpfilter") return sure(match.option != "--invert");  // the source is not forged
    if (module == "icmp" || module == "icmp6") return value == "any" ? Met::yes : Met::open;
    const bool ports = module == "tcp" || module == "udp" || module == "sctp" || module == "dccp" || module == "udplite" || module == "multiport";
    if (!ports) return Met::open;
    if (match.option.empty()) return module == "multiport" ? Met::open : met_protocol(module, packet.flow);
    if (match.option == "--tcp-flags") return met_tcp_flags(match);
    return met_ports(match, packet, value);
}

}  // namespace

const std::vector<Prefix>& known_destination(const Packet& packet) {
    static const std::vector<Prefix> anywhere;
    return packet.hook == "prerouting" && !packet.flow.bridged ? anywhere : packet.flow.destination;
}

Met met_interface(std::string_view pattern, char wildcard, const std::string& name) {
    if (!pattern.empty() && pattern.back() == wildcard) return sure(name.starts_with(pattern.substr(0, pattern.size() - 1)));
    return sure(name == pattern);
}

Met met_address(std::string_view pattern, const std::vector<Prefix>& address) {
    const auto prefix = Prefix::parse(pattern);
    if (!prefix) return Met::open;
    if (prefix->length() == 0) return Met::yes;
    if (address.empty()) return Met::open;
    bool all = true;
    bool none = true;
    for (const auto& known : address) {
        const bool inside = known.length() >= prefix->length() && prefix->contains(known.address());
        all = all && inside;
        none = none && !prefix->overlaps(known);
    }
    return all ? Met::yes : none ? Met::no : Met::open;
}

Met met_protocol(std::string_view pattern, const Flow& flow) {
    if (flow.protocol.empty()) return Met::open;
    const auto wanted = protocol_number(pattern);
    const auto given = protocol_number(flow.protocol);
    if (!wanted || !given) return Met::open;
    return sure(*wanted == *given);
}

Met met_port(std::string_view pattern, char range, const std::optional<int>& port) {
    const std::size_t dash = pattern.find(range);
    const auto low = text::to_integer(pattern.substr(0, dash));
    const auto high = dash == std::string_view::npos ? low : text::to_integer(pattern.substr(dash + 1));
    if (!low || !high || !port) return Met::open;
    return sure(*port >= *low && *port <= *high);
}

Met met_state(std::string_view state, bool tracked) {
    if (!tracked) return Met::open;
    const std::string lower = text::lower(state);
    if (lower == "new") return Met::yes;
    if (lower == "established" || lower == "related" || lower == "invalid" || lower == "untracked") return Met::no;
    return Met::open;  // SNAT, DNAT: another rule may have rewritten it
}

Met met(const FirewallMatch& match, const Packet& packet) {
    if (match.module == "nft") return met_nft(match, packet);
    const Flow& flow = packet.flow;
    static const std::string none;
    const std::string& value = match.values.empty() ? none : match.values.front();
    if (!match.module.empty()) return negate(met_module(match, packet, value), match.negated);
    if (match.option == "-i") return negate(met_interface(value, '+', packet.hook == "postrouting" ? none : flow.in_interface), match.negated);
    if (match.option == "-o") return negate(met_interface(value, '+', packet.hook == "prerouting" ? none : flow.out_interface), match.negated);
    if (match.option == "-s") return negate(met_address(value, flow.source), match.negated);
    if (match.option == "-d") return negate(met_address(value, known_destination(packet)), match.negated);
    if (match.option == "-p") return negate(met_protocol(value, flow), match.negated);
    if (match.option == "-f") return negate(Met::no, match.negated);  // connection tracking puts fragments together first
    return Met::open;
}

}  // namespace bulkhead::host
