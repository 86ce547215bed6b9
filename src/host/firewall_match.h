// SPDX-License-Identifier: Apache-2.0
// Is a condition of a rule met by a packet of which only some things are known? Called by firewall_walk.cpp. Pure.
#pragma once

#include <string_view>

#include "host/firewall_rule.h"
#include "host/firewall_walk.h"

namespace bulkhead::host {

enum class Met : std::uint8_t { no, open, yes };

inline Met both(Met a, Met b) { return a < b ? a : b; }
inline Met negate(Met met, bool negated) {
    if (!negated || met == Met::open) return met;
    return met == Met::yes ? Met::no : Met::yes;
}
inline Met sure(bool met) { return met ? Met::yes : Met::no; }

struct Packet {
    const Flow& flow;
    std::string_view hook;        // "prerouting", "forward" or "postrouting"
    FirewallFamily table_family;  // inet and bridge tables see packets of both families; ports of a bridge are unknown to a flow
    bool tracked = true;          // false once a rule may have switched connection tracking off
};

Met met(const FirewallMatch& match, const Packet& packet);
Met met_nft(const FirewallMatch& match, const Packet& packet);

// Before routing, the address that DNAT has yet to rewrite is not known.
const std::vector<Prefix>& known_destination(const Packet& packet);

// Shared by both dialects. `wildcard` ends a name that stands for all that begin so ('+' in iptables, '*' in nft).
Met met_interface(std::string_view pattern, char wildcard, const std::string& name);
Met met_address(std::string_view pattern, const std::vector<Prefix>& address);  // "10.0.0.0/8", a single address
Met met_protocol(std::string_view pattern, const Flow& flow);                   // a name or a number
Met met_port(std::string_view pattern, char range, const std::optional<int>& port);
Met met_state(std::string_view state, bool tracked);  // one connection tracking state, any case

}  // namespace bulkhead::host
