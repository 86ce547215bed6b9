// SPDX-License-Identifier: Apache-2.0
#include "agent/roster.h"

#include <algorithm>
#include <set>

#include "agent/roster_swarm.h"
#include "base/clock.h"
#include "base/text.h"
#include "host/interfaces.h"

namespace bulkhead::agent {

namespace {

constexpr std::int64_t ns_of_ms = 1'000'000;

std::string label(const engine::TextMap& labels, const std::string& key) {
    const auto found = labels.find(key);
    return found == labels.end() ? std::string() : found->second;
}

std::int64_t began_ns(const engine::Container& container) {
    const auto started = parse_rfc3339(container.started_at);
    return started ? *started * ns_of_ms : 0;
}

std::string id_of_network(const engine::Endpoint& endpoint, const std::vector<NetworkFacts>& networks) {
    if (!endpoint.network_id.empty()) return endpoint.network_id;
    const auto found = std::ranges::find(networks, endpoint.network_name, &NetworkFacts::name);
    return found == networks.end() ? std::string() : found->id;
}

void put_problems(const std::vector<engine::Problem>& from, std::vector<std::string>& to) {
    for (const engine::Problem& one : from) to.push_back(one.locator + ": " + one.reason);
}

std::vector<std::uint32_t> vnis_of(const engine::Network& network) {
    std::vector<std::uint32_t> out;
    const std::string list = network.vni().value_or("");
    for (const std::string_view part : text::split(list, ',')) {
        const auto number = text::to_integer(text::trim(part));
        if (number && *number > 0 && *number < 1 << 24) out.push_back(static_cast<std::uint32_t>(*number));
    }
    return out;
}

// What a network's own inspect adds to its containers': gateways, and endpoints that no container tells of (docker_gwbridge, sandboxes
// of the swarm).
void put_network(const engine::Network& network, std::vector<Holding>& holdings, const std::string& node) {
    Holding own = holding_of(network, node);
    const flow::Identity gateway{.who = flow::Who::gateway, .network = network.name, .node = node};
    for (const engine::NetworkEndpoint& endpoint : network.endpoints) {
        const auto container = std::ranges::find(holdings, "container:" + endpoint.container_id, &Holding::owner);
        flow::Identity who = gateway;
        who.container = endpoint.container_name;
        if (container != holdings.end() && !container->addresses.empty()) who = *container->addresses.front().identity;
        who.network = network.name;
        Holding& holder = container == holdings.end() ? own : *container;
        const auto held = std::make_shared<const flow::Identity>(std::move(who));
        for (const std::string& address : {endpoint.ipv4_address, endpoint.ipv6_address}) {
            const std::size_t had = holder.addresses.size();
            put_claim(holder, address, network.id, held);
            if (holder.addresses.size() == had) continue;
            const Claim& last = holder.addresses.back();
            const bool known = std::any_of(holder.addresses.begin(), holder.addresses.end() - 1,
                                           [&](const Claim& one) { return one.address == last.address && one.network_id == last.network_id; });
            if (known) holder.addresses.pop_back();
        }
    }
    holdings.push_back(std::move(own));
}

void put_host(engine::Engine& engine, host::Host& host, Roster& roster) {
    const auto& pid = host.engine_pid();
    if (!pid) {
        roster.problems.push_back("host addresses: " + pid.error().message);
        return;
    }
    const auto reading = engine.world().read(world::netlink_in("address", *pid));
    const auto addresses =
        reading->present() ? host::parse_addresses(reading->bytes) : Result<std::vector<host::Address>>(fail(Code::unavailable, reading->reason));
    if (!addresses) {
        roster.problems.push_back(reading->locator + ": " + addresses.error().message);
        return;
    }
    Holding own{.owner = "host"};
    const auto identity = std::make_shared<const flow::Identity>(flow::Identity{.who = flow::Who::host, .node = roster.node});
    for (const host::Address& one : *addresses) {
        if (!one.address.is_loopback()) own.addresses.push_back({mapped_address(one.address), {}, identity});
    }
    roster.holdings.push_back(std::move(own));
}

}  // namespace

void put_claim(Holding& holding, std::string_view text, const std::string& network_id, const flow::IdentityPtr& identity) {
    const auto parsed = IpAddress::parse(text.substr(0, text.find('/')));
    if (parsed && !parsed->is_wildcard()) holding.addresses.push_back({mapped_address(*parsed), network_id, identity});
}

NetworkFacts facts_of(const engine::Network& network) {
    NetworkFacts facts{network.id, network.name, network.driver, {}, vnis_of(network), network.bridge_name().value_or(""), network.encrypted()};
    if (network.is_default_bridge() && !network.options.contains("com.docker.network.bridge.name")) facts.bridge = "docker0";
    for (const std::string& subnet : network.subnets) {
        if (const auto prefix = Prefix::parse(subnet)) facts.subnets.push_back(*prefix);
    }
    return facts;
}

Holding holding_of(const engine::Network& network, const std::string& node) {
    Holding own{.owner = "network:" + network.id};
    const auto identity = std::make_shared<const flow::Identity>(flow::Identity{.who = flow::Who::gateway, .network = network.name, .node = node});
    // A macvlan's gateway is a router outside, not this host.
    if (network.driver == "macvlan" || network.driver == "ipvlan") return own;
    for (const std::string& address : network.gateways) put_claim(own, address, network.id, identity);
    return own;
}

void put_labels(flow::Identity& identity, const engine::TextMap& labels) {
    identity.labels.assign(labels.begin(), labels.end());
    identity.project = label(labels, "com.docker.compose.project");
    identity.service = label(labels, "com.docker.compose.service");
    if (const std::string service = label(labels, "com.docker.swarm.service.name"); !service.empty()) {
        identity.project = label(labels, "com.docker.stack.namespace");
        identity.service = service_within(service, identity.project);
        identity.task = label(labels, "com.docker.swarm.task.name");
    }
}

flow::Identity identity_of(const engine::Container& container, const std::string& node) {
    flow::Identity identity{.who = flow::Who::container, .container_id = container.id, .container = container.name, .image = container.image, .node = node};
    put_labels(identity, container.labels);
    return identity;
}

Holding holding_of(const engine::Container& container, const std::vector<NetworkFacts>& networks, const std::string& node) {
    Holding holding{.owner = "container:" + container.id, .from_ns = began_ns(container)};
    if (!container.running && !container.paused && !container.restarting) return holding;
    const flow::Identity plain = identity_of(container, node);
    for (const engine::Endpoint& endpoint : container.endpoints) {
        flow::Identity here = plain;
        here.network = endpoint.network_name;
        const auto identity = std::make_shared<const flow::Identity>(std::move(here));
        const std::string network_id = id_of_network(endpoint, networks);
        put_claim(holding, endpoint.ip_address, network_id, identity);
        put_claim(holding, endpoint.ipv6_address, network_id, identity);
    }
    return holding;
}

Roster read_roster(engine::Engine& engine, host::Host* host) {
    Roster roster;
    engine.prefetch_containers();
    const auto& info = engine.info();
    put_problems(info.problems, roster.problems);
    if (!info.items.empty()) roster.node = info.items.front().name;
    const auto& networks = engine.networks();
    put_problems(networks.problems, roster.problems);
    for (const engine::Network& network : networks.items) roster.networks.push_back(facts_of(network));
    const auto& containers = engine.containers();
    put_problems(containers.problems, roster.problems);
    for (const engine::Container& container : containers.items) {
        if (Holding holding = holding_of(container, roster.networks, roster.node); !holding.addresses.empty()) roster.holdings.push_back(std::move(holding));
    }
    for (const engine::Network& network : networks.items) put_network(network, roster.holdings, roster.node);
    roster.stacks = read_stacks(engine, roster);
    for (const engine::Network& network : networks.items) put_services(network, roster.stacks, roster);
    put_nodes(engine, networks.items, roster);
    if (host != nullptr) put_host(engine, *host, roster);
    return roster;
}

Named identities_of(world::World& world) {
    engine::Engine engine(world);
    host::Host host(world);
    Roster roster = read_roster(engine, &host);
    Named named{std::make_unique<Identities>(IdentityLimits{.timeless = true}), std::move(roster.problems)};
    named.identities->replace(std::move(roster.holdings), std::move(roster.networks), 0);
    return named;
}

}  // namespace bulkhead::agent
