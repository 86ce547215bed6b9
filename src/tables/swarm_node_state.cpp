// SPDX-License-Identifier: Apache-2.0
// swarm_node_state: the addresses this node uses in its Swarm, from the state file that dockerd keeps in its data root
// (swarm/docker-state.json). The API tells the advertised address only.
#include "base/ip.h"
#include "base/json.h"
#include "tables/facts.h"
#include "tables/table.h"

namespace bulkhead::tables {

namespace {

struct NodeState {
    std::string state;
    std::string advertise_address;
    std::string data_address;
    std::string listen_address;
    std::string locator;
};

// "10.0.0.1:2377" or "[fd00::1]:2377" or an address alone.
std::string host_of(const std::string& text) {
    if (IpAddress::parse(text)) return text;
    std::string host = text.substr(0, text.rfind(':'));
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    return host;
}

std::vector<NodeState> rows(Scan& scan) {
    Facts& facts = scan.facts();
    const auto& info = facts.engine.info();
    for (const auto& problem : info.problems) scan.failed(problem.locator, problem.reason);
    if (info.items.empty()) return {};
    const engine::Info& engine = info.items.front();
    NodeState node{engine.swarm.local_node_state, engine.swarm.node_addr, "", "", info.locator};
    if (node.state.empty() || node.state == "inactive") return {node};
    const auto& pid = facts.host.engine_pid();
    if (!pid) {
        scan.failed(facts.host.engine_problem().locator, facts.host.engine_problem().reason);
        return {node};
    }
    const auto reading = facts.world.read(world::file_at(engine.docker_root_dir + "/swarm/docker-state.json", *pid));
    node.locator = reading->locator;
    if (!reading->present()) {
        scan.failed(reading->locator, reading->reason);
        return {node};
    }
    const auto document = json::Document::parse(reading->bytes);
    if (!document) {
        scan.failed(reading->locator, document.error().message);
        return {node};
    }
    const json::Value root = document->root();
    node.data_address = host_of(root["DataPathAddr"].text_or());
    node.listen_address = root["ListenAddr"].text_or();
    if (const std::string advertised = host_of(root["AdvertiseAddr"].text_or()); !advertised.empty()) node.advertise_address = advertised;
    return {node};
}

}  // namespace

Table swarm_node_state() {
    return make_table<NodeState>({
        .name = "swarm_node_state",
        .help = "The addresses this node uses in its Swarm.",
        .columns = {{"state", Type::text, "inactive, pending, active, locked, error", [](const NodeState& row) { return cell(row.state); }},
                    {"advertise_address", Type::text, "where other nodes reach this node's management",
                     [](const NodeState& row) { return cell(row.advertise_address); }},
                    {"data_address", Type::text, "where overlay traffic goes; empty: the advertised address",
                     [](const NodeState& row) { return cell(row.data_address); }},
                    {"listen_address", Type::text, "what management listens on", [](const NodeState& row) { return cell(row.listen_address); }},
                    {"locator", Type::text, "where this row was read", [](const NodeState& row) { return cell(row.locator); }}},
        .examples = {"select advertise_address, data_address from swarm_node_state"},
        .rows = rows,
    });
}

}  // namespace bulkhead::tables
