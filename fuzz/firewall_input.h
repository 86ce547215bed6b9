// SPDX-License-Identifier: Apache-2.0
// Rules that were understood are also walked and merged: loops and fans of jumps must end.
#pragma once

#include <utility>
#include <vector>

#include "base/check.h"
#include "host/firewall.h"
#include "host/firewall_walk.h"

namespace bulkhead::fuzz {

inline void walk(std::vector<host::FirewallTable> tables) {
    host::Firewall firewall;
    firewall.tables = std::move(tables);
    host::Flow flow;
    flow.in_interface = "br0";
    flow.out_interface = "eth0";
    flow.protocol = "tcp";
    flow.destination_port = 80;
    flow.source = {*Prefix::parse("172.17.0.0/16")};
    for (const auto family : {host::FirewallFamily::ip, host::FirewallFamily::ip6}) {
        flow.family = family;
        const host::Verdict verdict = host::walk_forward(firewall, flow);
        CHECK(!verdict.reason.empty());
    }
}

}  // namespace bulkhead::fuzz
