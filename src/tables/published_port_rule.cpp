// SPDX-License-Identifier: Apache-2.0
// The DNAT rules that send a port of the host to a container, with their counters: what is published in force, whatever the
// engine says is configured.
#include "host/published_port.h"

#include "tables/facts.h"
#include "tables/firewall_source.h"

namespace bulkhead::tables {

Table published_port_rule();

namespace {

using host::PublishedPort;

std::vector<PublishedPort> rows(Scan& scan) {
    const auto firewall = read_engine_firewall(scan);
    return firewall ? published_ports(*firewall) : std::vector<PublishedPort>{};
}

}  // namespace

Table published_port_rule() {
    return make_table(TableSpec<PublishedPort>{
        .name = "published_port_rule",
        .help = "Rules that send a port of the host to a container (DNAT), as loaded in the engine's network namespace.",
        .columns =
            {
                {"family", Type::text, "ip, ip6 or inet", [](const PublishedPort& p) { return cell(name(p.rule.family)); }},
                {"variant", Type::text, "nft, legacy or native", [](const PublishedPort& p) { return cell(name(p.rule.variant)); }},
                {"chain", Type::text, "the chain", [](const PublishedPort& p) { return cell(p.rule.chain); }},
                {"position", Type::integer, "place in the chain, from 1", [](const PublishedPort& p) { return cell(p.rule.position); }},
                {"protocol", Type::text, "tcp, udp, sctp; empty: any", [](const PublishedPort& p) { return cell(p.protocol); }},
                {"host_ip", Type::text, "the address of the host it is published on; empty: every address",
                 [](const PublishedPort& p) { return cell(p.host_ip); }},
                {"host_port", Type::integer, "the published port; null where the rule has several or none",
                 [](const PublishedPort& p) { return cell(p.host_port); }},
                {"host_ports", Type::text, "the rule's condition on the port as written", [](const PublishedPort& p) { return cell(p.host_ports); }},
                {"container_ip", Type::text, "where it goes; empty where the rule does not show it",
                 [](const PublishedPort& p) { return cell(p.container_ip); }},
                {"container_port", Type::integer, "the port it goes to; null where it stays or is a range",
                 [](const PublishedPort& p) { return cell(p.container_port); }},
                {"in_interface", Type::text, "condition on the interface it came in by: !br-x means from everywhere but br-x",
                 [](const PublishedPort& p) { return cell(condition_text(p.rule, {"-i", "meta iifname", "meta iif"})); }},
                {"packets", Type::integer, "first packets of connections that took this way; null where it does not count",
                 [](const PublishedPort& p) { return cell(p.rule.packets); }},
                {"bytes", Type::integer, "bytes of those packets", [](const PublishedPort& p) { return cell(p.rule.bytes); }},
                {"text", Type::text, "the rule as iptables-save prints it, or nft's JSON of its expressions",
                 [](const PublishedPort& p) { return cell(p.rule.text); }},
                {"locator", Type::text, "the reading this row was made from", [](const PublishedPort& p) { return cell(p.rule.locator); }},
            },
        .examples = {"select protocol, host_ip, host_port, container_ip, container_port, packets from published_port_rule"},
        .rows = rows,
    });
}

}  // namespace bulkhead::tables
