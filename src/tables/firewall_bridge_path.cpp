// SPDX-License-Identifier: Apache-2.0
// What the loaded rules do to a new connection from one Docker bridge to another, or inside one: the kernel's answer to what the
// engine's icc and internal options and separate networks promise.
#include <algorithm>

#include "base/text.h"
#include "host/firewall_walk.h"
#include "tables/facts.h"
#include "tables/firewall_source.h"

namespace bulkhead::tables {

Table firewall_bridge_path();

namespace {

using host::FirewallFamily;
using host::FlowOutcome;

constexpr std::size_t paired_networks_max = 64;  // beyond these, only paths inside a bridge

struct Bridge {
    std::string network;
    std::string network_id;
    std::string interface_name;
    bool ipv6 = false;
    std::vector<Prefix> ip, ip6;
};

struct Path {
    Bridge in, out;
    FirewallFamily family = FirewallFamily::ip;
    FlowOutcome verdict = FlowOutcome::unknown;
    FlowOutcome enforced = FlowOutcome::unknown;
    std::optional<host::FirewallRule> rule;
    std::string rule_table, rule_chain, reason, locator;
    std::optional<bool> nf_call;
};

std::vector<Bridge> bridges(Scan& scan) {
    std::vector<Bridge> out;
    const auto& networks = scan.facts().engine.networks();
    for (const auto& problem : networks.problems) scan.failed(problem.locator, problem.reason, problem.container_id);
    for (const auto& network : networks.items) {
        const auto interface_name = network.bridge_name();
        if (!interface_name) continue;
        Bridge bridge{network.name, network.id, *interface_name, network.enable_ipv6, {}, {}};
        for (const auto& subnet : network.subnets) {
            if (const auto prefix = Prefix::parse(subnet)) (prefix->address().is_v4() ? bridge.ip : bridge.ip6).push_back(*prefix);
        }
        out.push_back(std::move(bridge));
    }
    std::ranges::sort(out, {}, [](const Bridge& bridge) { return std::pair(bridge.network, bridge.network_id); });
    return out;
}

// net/bridge/br_netfilter_hooks.c: only with this switch are bridged frames shown to the rules; without the module it is not there.
std::optional<bool> read_nf_call(Scan& scan, FirewallFamily family, std::int64_t pid) {
    const std::string path = family == FirewallFamily::ip ? "/proc/sys/net/bridge/bridge-nf-call-iptables" : "/proc/sys/net/bridge/bridge-nf-call-ip6tables";
    const auto reading = scan.facts().world.read({world::Kind::file, path, "netns:" + std::to_string(pid)});
    if (reading->absent()) return false;
    if (reading->present()) {
        if (const auto value = text::to_integer(text::trim(reading->bytes))) return *value != 0;
        scan.failed(reading->locator, "not a number");
        return std::nullopt;
    }
    scan.failed(*reading);
    return std::nullopt;
}

// Inside a bridge, link-local addresses of IPv6 reach the neighbours as well.
std::vector<Prefix> addresses(const Bridge& bridge, FirewallFamily family, bool same) {
    if (family == FirewallFamily::ip) return bridge.ip;
    std::vector<Prefix> out = bridge.ip6;
    if (same) out.push_back(*Prefix::parse("fe80::/10"));
    return out;
}

FlowOutcome enforced(const host::Firewall& firewall, host::Flow flow, FlowOutcome verdict, const std::optional<bool>& nf_call) {
    if (!flow.bridged || nf_call == true) return verdict;
    flow.br_netfilter = false;
    const FlowOutcome passed_by = walk_forward(firewall, flow).outcome;
    return nf_call == false || passed_by == verdict ? passed_by : FlowOutcome::unknown;
}

Path path_of(const host::Firewall& firewall, const Bridge& in, const Bridge& out, FirewallFamily family, const std::optional<bool>& nf_call) {
    const bool same = in.interface_name == out.interface_name;
    const host::Flow flow{.family = family,
                          .in_interface = in.interface_name,
                          .out_interface = out.interface_name,
                          .source = addresses(in, family, same),
                          .destination = addresses(out, family, same),
                          .bridged = same};
    const auto verdict = walk_forward(firewall, flow);
    Path path{in, out, family, verdict.outcome, enforced(firewall, flow, verdict.outcome, nf_call), {}, "", "", verdict.reason, "", nf_call};
    if (verdict.decider) {
        if (verdict.decider.rule != nullptr) path.rule = *verdict.decider.rule;
        path.rule_table = verdict.decider.chain->table;
        path.rule_chain = verdict.decider.chain->name;
        path.locator = verdict.decider.chain->locator;
    } else if (!firewall.readings.empty()) {
        path.locator = firewall.readings.front().locator;
    }
    if (same && nf_call == false) path.reason = "bridged frames are not shown to the rules (net.bridge.bridge-nf-call is off); otherwise " + path.reason;
    return path;
}

std::vector<Path> rows(Scan& scan) {
    std::vector<Path> paths;
    const auto firewall = read_engine_firewall(scan);
    const auto all = bridges(scan);
    if (!firewall) return paths;
    const std::int64_t pid = *scan.facts().host.engine_pid();
    if (all.size() > paired_networks_max) {
        scan.failed("engine:/networks", "more than " + std::to_string(paired_networks_max) + " bridge networks: paths between those beyond are not walked");
    }
    for (const auto family : {FirewallFamily::ip, FirewallFamily::ip6}) {
        const auto nf_call = read_nf_call(scan, family, pid);
        for (std::size_t i = 0; i < all.size(); ++i) {
            for (std::size_t j = 0; j < all.size(); ++j) {
                if (i == j || std::max(i, j) < paired_networks_max) paths.push_back(path_of(*firewall, all[i], all[j], family, nf_call));
            }
        }
    }
    return paths;
}

std::vector<Column<Path>> columns_of_ends() {
    return {
        {"in_interface", Type::text, "bridge the connection comes from", [](const Path& p) { return cell(p.in.interface_name); }},
        {"out_interface", Type::text, "bridge it goes to; the same one for a path inside a network", [](const Path& p) { return cell(p.out.interface_name); }},
        {"in_network", Type::text, "name of the network it comes from", [](const Path& p) { return cell(p.in.network); }},
        {"out_network", Type::text, "name of the network it goes to", [](const Path& p) { return cell(p.out.network); }},
        {"in_network_id", Type::text, "id of the network it comes from", [](const Path& p) { return cell(p.in.network_id); }},
        {"out_network_id", Type::text, "id of the network it goes to", [](const Path& p) { return cell(p.out.network_id); }},
        {"family", Type::text, "ip or ip6", [](const Path& p) { return cell(name(p.family)); }},
        {"family_enabled", Type::boolean, "both networks have addresses of this family",
         [](const Path& p) { return cell(p.family == FirewallFamily::ip || (p.in.ipv6 && p.out.ipv6)); }},
    };
}

std::vector<Column<Path>> columns() {
    auto all = columns_of_ends();
    const std::vector<Column<Path>> verdict = {
        {"verdict", Type::text, "what the rules do to any new connection on this path: accept, drop or unknown (also where only some pass)",
         [](const Path& p) { return cell(name(p.verdict)); }},
        {"enforced_verdict", Type::text, "the same, counting that without br_netfilter bridged frames never meet the rules",
         [](const Path& p) { return cell(name(p.enforced)); }},
        {"nf_call", Type::boolean, "br_netfilter shows bridged frames of this family to the rules; null where it could not be read",
         [](const Path& p) { return cell(p.nf_call); }},
        {"rule", Type::text, "the rule that decides, or leaves it open; null where a policy or nothing does",
         [](const Path& p) { return p.rule ? cell(p.rule->text) : Cell{}; }},
        {"rule_table", Type::text, "its table", [](const Path& p) { return cell(p.rule_table); }},
        {"rule_chain", Type::text, "its chain, or the one whose policy decides", [](const Path& p) { return cell(p.rule_chain); }},
        {"rule_position", Type::integer, "its place in the chain, from 1; null for a policy",
         [](const Path& p) { return p.rule ? cell(p.rule->position) : Cell{}; }},
        {"rule_packets", Type::integer, "packets it met", [](const Path& p) { return p.rule ? cell(p.rule->packets) : Cell{}; }},
        {"reason", Type::text, "one sentence", [](const Path& p) { return cell(p.reason); }},
        {"locator", Type::text, "the reading this row was made from", [](const Path& p) { return cell(p.locator); }},
    };
    all.insert(all.end(), verdict.begin(), verdict.end());
    return all;
}

}  // namespace

Table firewall_bridge_path() {
    return make_table(TableSpec<Path>{
        .name = "firewall_bridge_path",
        .help = "For each pair of Docker bridges, and inside each: are new connections accepted or dropped by the loaded rules, and by which.",
        .columns = columns(),
        .examples = {"select in_network, verdict, rule from firewall_bridge_path where in_interface = out_interface and family = 'ip'"},
        .rows = rows,
    });
}

}  // namespace bulkhead::tables
