// SPDX-License-Identifier: Apache-2.0
// What the loaded rules do to the first packet of a new connection that is forwarded from one interface to another. Pure.
//
// Rules are evaluated over a packet of which only some things are known, so a condition is met, not met or open. Where open
// conditions could lead to different ends, the verdict is unknown and names the rule that leaves it open. Assumptions, each
// kept in one place of firewall_match*.cpp: the packet opens its connection (ct state new, a TCP SYN), is not part of an IPsec
// tunnel, carries no forged source address, and is addressed to somebody else than this host.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/ip.h"
#include "host/firewall.h"

namespace bulkhead::host {

struct Flow {
    FirewallFamily family = FirewallFamily::ip;  // ip or ip6
    std::string in_interface;
    std::string out_interface;
    std::vector<Prefix> source = {};       // somewhere in these; empty: anywhere
    std::vector<Prefix> destination = {};  // after DNAT
    std::string protocol = {};             // "tcp", "udp", "icmp" (for ip6: "ipv6-icmp"); empty: any
    std::optional<int> source_port = {};
    std::optional<int> destination_port = {};
    bool bridged = false;      // switched between two ports of the bridge in_interface, not routed
    bool br_netfilter = true;  // bridged frames are shown to the rules of ip, ip6 and inet
};

enum class FlowOutcome : std::uint8_t { accept, drop, unknown };
std::string_view name(FlowOutcome outcome);

// The rule, or the policy of the chain where rule is null.
struct Decider {
    const FirewallChain* chain = nullptr;
    const FirewallRule* rule = nullptr;
    explicit operator bool() const { return chain != nullptr; }
};

struct TraceStep {
    Decider at;
    bool certain = true;  // its conditions are met; else they are open
};

// Points into the Firewall it was made from.
struct Verdict {
    FlowOutcome outcome = FlowOutcome::unknown;
    Decider decider;     // drop and accept: what decided; unknown: what leaves it open
    std::string reason;  // one sentence
    std::vector<TraceStep> trace;
};

Verdict walk_forward(const Firewall& firewall, const Flow& flow);

}  // namespace bulkhead::host
