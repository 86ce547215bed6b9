// SPDX-License-Identifier: Apache-2.0
#include "agent/roster_swarm.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/json.h"

namespace bulkhead::agent {

namespace {

constexpr std::size_t claims_max = 200'000;  // of one network's services: what a hostile engine may say is bounded

struct Peer {
    std::string name;     // of the task, or empty
    std::string address;  // without prefix length
    std::string node_address;
};

bool held_here(const std::vector<Holding>& holdings, const packet::Address& address, const std::string& network_id) {
    return std::ranges::any_of(holdings, [&](const Holding& holding) {
        return holding.owner.starts_with("container:") &&
               std::ranges::any_of(holding.addresses, [&](const Claim& one) { return one.address == address && one.network_id == network_id; });
    });
}

void claim(Holding& holding, std::string_view address, const std::string& network_id, flow::Identity identity) {
    if (holding.addresses.size() < claims_max) put_claim(holding, address, network_id, std::make_shared<const flow::Identity>(std::move(identity)));
}

// A task's name is SERVICE.SLOT.ID; a plain container on another node stands under the service "" with its own name.
flow::Identity peer_of(const std::string& service, const std::string& task, const engine::Network& network, const std::string& node) {
    flow::Identity identity{.who = flow::Who::peer, .service = service, .network = network.name, .node = node};
    (service.empty() ? identity.container : identity.task) = task;
    return identity;
}

constexpr const char* stack_label = "com.docker.stack.namespace";

// Where nobody tells, a stack's own network does: its services bear the stack's name in front.
std::string stack_of(const std::string& service, const engine::Network& network, const Stacks& stacks) {
    if (const auto known = stacks.find(service); known != stacks.end()) return known->second;
    const auto own = network.labels.find(stack_label);
    return own != network.labels.end() && service.starts_with(own->second + "_") ? own->second : std::string();
}

}  // namespace

Stacks read_stacks(engine::Engine& engine, const Roster& roster) {
    Stacks out;
    for (const Holding& holding : roster.holdings) {
        for (const Claim& one : holding.addresses) {
            const flow::Identity& who = *one.identity;
            if (!who.task.empty() && !who.project.empty()) out[who.project + "_" + who.service] = who.project;
        }
    }
    const auto& info = engine.info();
    if (info.items.empty() || !info.items.front().swarm.control_available) return out;
    for (const engine::Service& service : engine.services().items) {  // a manager's word; what it cannot read is told with the nodes
        if (const auto found = service.labels.find(stack_label); found != service.labels.end()) out[service.name] = found->second;
    }
    return out;
}

std::string service_within(const std::string& service, const std::string& stack) {
    return !stack.empty() && service.starts_with(stack + "_") ? service.substr(stack.size() + 1) : service;
}

void put_services(const engine::Network& network, const Stacks& stacks, Roster& roster) {
    if (network.services.empty() || network.services == "null") return;
    const auto document = json::Document::parse(network.services);
    if (!document) {
        roster.problems.push_back(network.locator() + ": services: " + document.error().message);
        return;
    }
    for (const auto& [name, service] : document->root().members()) {
        Holding holding{.owner = "service:" + name + "@" + network.id};
        const std::string stack = stack_of(name, network, stacks);
        const auto called = [&](flow::Identity identity) {
            identity.project = stack;
            identity.service = service_within(identity.service, stack);
            return identity;
        };
        if (!name.empty()) {
            claim(holding, service["VIP"].text_or(), network.id, called({.who = flow::Who::service, .service = name, .network = network.name}));
        }
        for (const json::Value& task : service["Tasks"].items()) {
            const std::string address = task["EndpointIP"].text_or();
            const auto parsed = IpAddress::parse(address);
            if (!parsed || held_here(roster.holdings, mapped_address(*parsed), network.id)) continue;
            claim(holding, address, network.id, called(peer_of(name, task["Name"].text_or(), network, task["Info"]["Host IP"].text_or())));
        }
        if (!holding.addresses.empty()) roster.holdings.push_back(std::move(holding));
    }
}

void put_nodes(engine::Engine& engine, const std::vector<engine::Network>& networks, Roster& roster) {
    const auto& info = engine.info();
    if (info.items.empty() || info.items.front().swarm.local_node_state != "active") return;
    const auto& swarm = info.items.front().swarm;
    std::map<std::string, std::string> nodes;  // address -> name; a worker knows the addresses alone, by its networks' peers
    for (const engine::Network& network : networks) {
        const auto document = json::Document::parse(network.peers.empty() ? "null" : network.peers);
        if (!document) continue;
        for (const json::Value& peer : document->root().items()) nodes.emplace(peer["IP"].text_or(), "");
    }
    if (swarm.control_available) {
        const auto& listing = engine.nodes();
        for (const engine::Problem& one : listing.problems) roster.problems.push_back(one.locator + ": " + one.reason);
        for (const engine::Node& node : listing.items) nodes[node.addr] = node.hostname;
    }
    nodes[swarm.node_addr] = roster.node;
    for (const auto& [address, name] : nodes) {
        Holding holding{.owner = "node:" + address};
        flow::Identity identity{.who = flow::Who::node, .node = name.empty() ? address : name};
        if (address == swarm.node_addr) identity.who = flow::Who::host;
        claim(holding, address, {}, std::move(identity));
        if (!holding.addresses.empty()) roster.holdings.push_back(std::move(holding));
    }
    // Peers' endpoints know their node by its address: say its name where it is known.
    for (Holding& holding : roster.holdings) {
        for (Claim& one : holding.addresses) {
            const auto found = one.identity->who == flow::Who::peer ? nodes.find(one.identity->node) : nodes.end();
            if (found == nodes.end() || found->second.empty()) continue;
            flow::Identity named = *one.identity;
            named.node = found->second;
            one.identity = std::make_shared<const flow::Identity>(std::move(named));
        }
    }
}

}  // namespace bulkhead::agent
