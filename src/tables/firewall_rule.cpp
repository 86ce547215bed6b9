// SPDX-License-Identifier: Apache-2.0
// Every packet filter rule in the engine's network namespace, in the kernel's order, with its counters.
#include "host/firewall_rule.h"

#include "tables/facts.h"
#include "tables/firewall_source.h"

namespace bulkhead::tables {

Table firewall_rule();

namespace {

using host::FirewallEnd;
using host::FirewallRule;

std::string_view action(FirewallEnd end) {
    switch (end) {
        case FirewallEnd::next: return "continue";
        case FirewallEnd::accept: return "accept";
        case FirewallEnd::drop: return "drop";
        case FirewallEnd::give_up: return "return";
        case FirewallEnd::jump: return "jump";
        case FirewallEnd::go_to: return "goto";
        case FirewallEnd::unclear: return "unknown";
    }
    return "unknown";
}

std::vector<FirewallRule> rows(Scan& scan) {
    std::vector<FirewallRule> rules;
    auto firewall = read_engine_firewall(scan);
    if (!firewall) return rules;
    for (auto& table : firewall->tables) {
        for (auto& chain : table.chains) {
            for (auto& rule : chain.rules) rules.push_back(std::move(rule));
        }
    }
    return rules;
}

}  // namespace

Table firewall_rule() {
    return make_table(TableSpec<FirewallRule>{
        .name = "firewall_rule",
        .help = "Packet filter rules in the engine's network namespace (iptables over nf_tables and over x_tables, and native nft), in order.",
        .columns =
            {
                {"family", Type::text, "ip, ip6, inet, bridge, arp or netdev", [](const FirewallRule& r) { return cell(name(r.family)); }},
                {"variant", Type::text, "nft (iptables over nf_tables), legacy (iptables over x_tables) or native (nft's own)",
                 [](const FirewallRule& r) { return cell(name(r.variant)); }},
                {"table_name", Type::text, "the table: filter, nat, ...", [](const FirewallRule& r) { return cell(r.table); }},
                {"chain", Type::text, "the chain", [](const FirewallRule& r) { return cell(r.chain); }},
                {"position", Type::integer, "place in the chain, from 1", [](const FirewallRule& r) { return cell(r.position); }},
                {"packets", Type::integer, "packets that met the rule's conditions; null where it does not count",
                 [](const FirewallRule& r) { return cell(r.packets); }},
                {"bytes", Type::integer, "bytes of those packets", [](const FirewallRule& r) { return cell(r.bytes); }},
                {"in_interface", Type::text, "condition on the interface it came in by; ! means every other",
                 [](const FirewallRule& r) { return cell(condition_text(r, {"-i", "meta iifname", "meta iif"})); }},
                {"out_interface", Type::text, "condition on the interface it leaves by",
                 [](const FirewallRule& r) { return cell(condition_text(r, {"-o", "meta oifname", "meta oif"})); }},
                {"source", Type::text, "condition on the source address",
                 [](const FirewallRule& r) { return cell(condition_text(r, {"-s", "payload ip saddr", "payload ip6 saddr"})); }},
                {"destination", Type::text, "condition on the destination address",
                 [](const FirewallRule& r) { return cell(condition_text(r, {"-d", "payload ip daddr", "payload ip6 daddr"})); }},
                {"protocol", Type::text, "condition on the protocol",
                 [](const FirewallRule& r) { return cell(condition_text(r, {"-p", "meta l4proto", "payload ip protocol", "payload ip6 nexthdr"})); }},
                {"matches", Type::json, "all conditions: module, option, negated, values", [](const FirewallRule& r) { return cell(conditions_json(r)); }},
                {"target", Type::text, "the target as written; empty where there is none", [](const FirewallRule& r) { return cell(r.target); }},
                {"target_args", Type::json, "the target's arguments", [](const FirewallRule& r) { return cell(texts_json(r.target_args)); }},
                {"action", Type::text, "what the target does: continue, accept, drop, return, jump, goto or unknown",
                 [](const FirewallRule& r) { return cell(action(r.end)); }},
                {"text", Type::text, "the rule as iptables-save prints it, or nft's JSON of its expressions",
                 [](const FirewallRule& r) { return cell(r.text); }},
                {"locator", Type::text, "the reading this row was made from", [](const FirewallRule& r) { return cell(r.locator); }},
            },
        .examples = {"select chain, position, text from firewall_rule where table_name = 'filter' and action = 'drop'"},
        .rows = rows,
    });
}

}  // namespace bulkhead::tables
