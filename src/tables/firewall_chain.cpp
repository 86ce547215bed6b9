// SPDX-License-Identifier: Apache-2.0
// The chains the rules are in: where the kernel calls them, and what happens to a packet that no rule decides on.
#include "tables/facts.h"
#include "tables/firewall_source.h"

namespace bulkhead::tables {

Table firewall_chain();

namespace {

using host::FirewallChain;

std::vector<FirewallChain> rows(Scan& scan) {
    std::vector<FirewallChain> chains;
    auto firewall = read_engine_firewall(scan);
    if (!firewall) return chains;
    for (auto& table : firewall->tables) {
        for (auto& chain : table.chains) chains.push_back(std::move(chain));
    }
    return chains;
}

}  // namespace

Table firewall_chain() {
    return make_table(TableSpec<FirewallChain>{
        .name = "firewall_chain",
        .help = "Chains of packet filter rules in the engine's network namespace.",
        .columns =
            {
                {"family", Type::text, "ip, ip6, inet, bridge, arp or netdev", [](const FirewallChain& c) { return cell(name(c.family)); }},
                {"variant", Type::text, "nft (iptables over nf_tables), legacy (iptables over x_tables) or native (nft's own)",
                 [](const FirewallChain& c) { return cell(name(c.variant)); }},
                {"table_name", Type::text, "the table: filter, nat, ...", [](const FirewallChain& c) { return cell(c.table); }},
                {"chain", Type::text, "the chain", [](const FirewallChain& c) { return cell(c.name); }},
                {"hook", Type::text, "where the kernel calls it: prerouting, input, forward, output, postrouting; empty: only jumped to",
                 [](const FirewallChain& c) { return cell(c.hook); }},
                {"type", Type::text, "filter, nat or route; empty where there is no hook", [](const FirewallChain& c) { return cell(c.type); }},
                {"priority", Type::integer, "lower is called earlier; null where there is no hook", [](const FirewallChain& c) { return cell(c.priority); }},
                {"policy", Type::text, "ACCEPT or DROP: the fate of a packet no rule decided on; empty where there is no hook",
                 [](const FirewallChain& c) { return cell(c.policy); }},
                {"packets", Type::integer, "packets that met the policy; null where it does not count", [](const FirewallChain& c) { return cell(c.packets); }},
                {"bytes", Type::integer, "bytes of those packets", [](const FirewallChain& c) { return cell(c.bytes); }},
                {"rules_count", Type::integer, "rules in the chain", [](const FirewallChain& c) { return cell(c.rules.size()); }},
                {"locator", Type::text, "the reading this row was made from", [](const FirewallChain& c) { return cell(c.locator); }},
            },
        .examples = {"select family, table_name, policy from firewall_chain where hook = 'forward'"},
        .rows = rows,
    });
}

}  // namespace bulkhead::tables
