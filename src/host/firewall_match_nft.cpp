// SPDX-License-Identifier: Apache-2.0
// Conditions of native nft rules: nft(8), in the words of firewall_nft_rule.cpp.
#include <algorithm>

#include "base/text.h"
#include "host/firewall_match.h"

namespace bulkhead::host {

namespace {

template <class Each>
Met any_value(const FirewallMatch& match, Each each) {
    Met out = Met::no;
    for (const auto& value : match.values) {
        const bool plain = !value.empty() && value.front() != '@' && value.front() != '{' && value.front() != '[';
        out = std::max(out, plain ? each(value) : Met::open);
    }
    return negate(out, match.negated);
}

// An address or port range of nft is "a-b"; ranges of addresses stay open.
Met address(const FirewallMatch& match, const Packet& packet, FirewallFamily family, const std::vector<Prefix>& known) {
    if (packet.flow.family != family) return Met::no;  // "ip saddr" in an inet table asks for IPv4 first, negated or not
    return any_value(match, [&](const std::string& value) { return value.find('-') == std::string::npos ? met_address(value, known) : Met::open; });
}

Met ip_version(const FirewallMatch& match, const Packet& packet) {
    const bool v6 = packet.flow.family == FirewallFamily::ip6;
    return any_value(match, [&](const std::string& value) {
        if (value == "ip" || value == "ipv4" || value == "0x0800") return sure(!v6);
        if (value == "ip6" || value == "ipv6" || value == "0x86dd") return sure(v6);
        return value == "arp" || value == "vlan" ? Met::no : Met::open;
    });
}

Met interface_name(const FirewallMatch& match, const Packet& packet, const std::string& name) {
    if (packet.table_family == FirewallFamily::bridge || packet.table_family == FirewallFamily::netdev) return Met::open;
    if (name.empty()) return Met::no;  // nf_tables: no such interface at this hook ends the rule, negated or not
    return any_value(match, [&](const std::string& value) { return met_interface(value, '*', name); });
}

Met meta(const FirewallMatch& match, const Packet& packet, std::string_view key) {
    static const std::string none;
    if (key == "iifname" || key == "iif") return interface_name(match, packet, packet.hook == "postrouting" ? none : packet.flow.in_interface);
    if (key == "oifname" || key == "oif") return interface_name(match, packet, packet.hook == "prerouting" ? none : packet.flow.out_interface);
    if (key == "l4proto") return any_value(match, [&](const std::string& value) { return met_protocol(value, packet.flow); });
    if (key == "nfproto" || key == "protocol") return ip_version(match, packet);
    return Met::open;
}

Met port(const FirewallMatch& match, const Packet& packet, std::string_view protocol, const std::optional<int>& known) {
    Met kind = protocol == "th" ? Met::yes : met_protocol(protocol, packet.flow);
    if (kind == Met::no) return Met::no;
    return both(kind, any_value(match, [&](const std::string& value) { return met_port(value, '-', known); }));
}

Met payload(const FirewallMatch& match, const Packet& packet, std::string_view protocol, std::string_view field) {
    const Flow& flow = packet.flow;
    if (protocol == "ip" || protocol == "ip6") {
        const FirewallFamily family = protocol == "ip" ? FirewallFamily::ip : FirewallFamily::ip6;
        if (field == "saddr") return address(match, packet, family, flow.source);
        if (field == "daddr") return address(match, packet, family, known_destination(packet));
        if (flow.family != family) return Met::no;
        if (field == "protocol" || field == "nexthdr") return any_value(match, [&](const std::string& value) { return met_protocol(value, flow); });
        return Met::open;
    }
    if (protocol == "ether" && field == "type") return ip_version(match, packet);
    if (field == "dport") return port(match, packet, protocol, flow.destination_port);
    if (field == "sport") return port(match, packet, protocol, flow.source_port);
    return Met::open;
}

Met fib(const FirewallMatch& match, const Packet& packet, const std::vector<std::string_view>& words) {
    const auto flag = [&](std::string_view wanted) { return std::ranges::find(words, wanted) != words.end(); };
    // The source is not forged: the route back to it exists, so "missing" (no output interface, false) is never met.
    if (words.size() > 1 && words[1] == "oif" && flag("saddr"))
        return any_value(match, [](const std::string& v) { return v == "false" ? Met::no : Met::open; });
    if (words.size() > 1 && words[1] == "type" && !(flag("daddr") && packet.hook == "prerouting")) {
        return any_value(match, [](const std::string& value) { return value == "local" ? Met::no : Met::open; });
    }
    return Met::open;
}

}  // namespace

Met met_nft(const FirewallMatch& match, const Packet& packet) {
    const auto words = text::words(match.option);
    if (words.size() == 2 && words[0] == "meta") return meta(match, packet, words[1]);
    if (words.size() == 3 && words[0] == "payload") return payload(match, packet, words[1], words[2]);
    if (match.option == "ct state") return any_value(match, [&](const std::string& value) { return met_state(value, packet.tracked); });
    if (match.option == "ct direction" && packet.tracked) return any_value(match, [](const std::string& value) { return sure(value == "original"); });
    if (words.size() > 1 && words[0] == "fib") return fib(match, packet, words);
    return Met::open;
}

}  // namespace bulkhead::host
