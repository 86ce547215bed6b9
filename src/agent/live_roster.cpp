// SPDX-License-Identifier: Apache-2.0
#include "agent/live_roster.h"

#include <algorithm>
#include <utility>

#include "agent/roster_swarm.h"
#include "base/text.h"

namespace bulkhead::agent {

namespace {

constexpr std::string_view container_owner = "container:";

bool claims_the_same(const Claim& a, const Claim& b) { return a.address == b.address && a.network_id == b.network_id; }

}  // namespace

LiveRoster::LiveRoster(world::Reader& reader, Identities& identities, std::function<void(const Life&)> on_life)
    : reader_(reader), identities_(identities), on_life_(std::move(on_life)) {}

void LiveRoster::read_all(std::int64_t now_ns) {
    world::World world(reader_);
    engine::Engine engine(world);
    host::Host host(world);
    Roster roster = read_roster(engine, &host);
    problems_ = std::move(roster.problems);
    node_ = roster.node;
    stacks_ = roster.stacks;
    in_swarm_ = !engine.info().items.empty() && engine.info().items.front().swarm.local_node_state == "active";
    const bool lists_read = engine.container_summaries().problems.empty() && engine.network_summaries().problems.empty();
    const auto before = held_;
    if (lists_read) held_.clear();
    for (const engine::Container& container : engine.containers().items) pids_[container.id] = container.running ? container.pid : 0;
    if (engine.network_summaries().problems.empty()) networks_ = roster.networks;
    for (Holding& holding : roster.holdings) {
        if (!holding.owner.starts_with(container_owner)) continue;
        const std::string id = holding.owner.substr(container_owner.size());
        // What was found out about its interfaces stays true as long as it has the same addresses.
        if (const auto known = before.find(id); known != before.end()) holding.attachments = known->second.attachments;
        held_[id] = holding;
    }
    std::erase_if(pids_, [&](const auto& one) { return !held_.contains(one.first); });
    spaces_ = read_spaces(reader_, networks_);
    if (lists_read) tell_running(engine);
    // Where the lists could not be read nobody is known to be gone.
    if (!lists_read) {
        for (Holding& holding : roster.holdings) identities_.put(std::move(holding));
        identities_.put_networks(networks_);
        return;
    }
    identities_.replace(std::move(roster.holdings), std::move(roster.networks), now_ns);
}

void LiveRoster::attach_all() {
    for (auto& [id, holding] : held_) {
        const auto pid = pids_.find(id);
        if (!holding.attachments.empty() || pid == pids_.end()) continue;
        holding.attachments = read_attachments(reader_, id, pid->second, holding, spaces_, networks_);
        if (!holding.attachments.empty()) identities_.put(holding);
    }
}

// Those that ran before anybody looked: once, as of their start.
void LiveRoster::tell_running(engine::Engine& engine) {
    if (std::exchange(told_running_, true)) return;
    for (const engine::Container& container : engine.containers().items) {
        if (!container.running) continue;
        tell({.what = Life::What::born,
              .time_ns = holding_of(container, networks_, node_).from_ns,
              .identity = identity_of(container, node_),
              .inspect = container.source ? container.source->bytes : std::string()});
    }
}

LiveRoster::Then LiveRoster::apply(const engine::Event& event) {
    if (event.type == "container") return apply_container(event);
    if (event.type == "network") return apply_network(event);
    return event.type == "service" || event.type == "node" ? Then::read_all : Then::nothing;
}

flow::Identity LiveRoster::known_of(const engine::Event& event) const {
    if (const auto found = announced_.find(event.actor_id); found != announced_.end()) return found->second;
    flow::Identity identity{
        .who = flow::Who::container, .container_id = event.actor_id, .container = event.attribute("name"), .image = event.attribute("image"), .node = node_};
    engine::TextMap labels = event.attributes;  // the engine adds these to the labels
    for (const char* own : {"name", "image", "exitCode", "execDuration", "signal", "oldName"}) labels.erase(own);
    put_labels(identity, labels);
    return identity;
}

void LiveRoster::announce(const engine::Event& event) {
    if (announced_.size() >= announced_max) announced_.erase(announced_.begin());
    announced_.insert_or_assign(event.actor_id, known_of(event));
}

void LiveRoster::tell(Life life) const {
    if (on_life_) on_life_(life);
}

void LiveRoster::put(Holding holding) {
    held_.insert_or_assign(holding.owner.substr(container_owner.size()), holding);
    identities_.put(std::move(holding));
}

void LiveRoster::started(const engine::Event& event) {
    Life life{.what = Life::What::born, .time_ns = event.time_nano, .identity = known_of(event)};
    const auto reading = reader_.read(world::engine_get("/containers/" + event.actor_id + "/json"));
    const auto container = reading.present() ? engine::parse_container(reading.bytes) : Result<engine::Container>(fail(Code::unavailable, reading.reason));
    if (container && container->id == event.actor_id) {
        life.identity = identity_of(*container, node_);
        life.inspect = reading.bytes;
        announced_.insert_or_assign(event.actor_id, life.identity);
        Holding holding = holding_of(*container, networks_, node_);
        holding.from_ns = event.time_nano;
        // Endpoints that only their network tells of (docker_gwbridge), and those of one that has ended meanwhile.
        if (const auto before = held_.find(event.actor_id); before != held_.end()) {
            for (const Claim& one : before->second.addresses) {
                if (std::ranges::none_of(holding.addresses, [&](const Claim& other) { return claims_the_same(one, other); })) holding.addresses.push_back(one);
            }
        }
        pids_[event.actor_id] = container->pid;
        holding.attachments = read_attachments(reader_, event.actor_id, container->pid, holding, spaces_, networks_);
        put(std::move(holding));
    }
    tell(std::move(life));
}

void LiveRoster::ended(const std::string& id, std::int64_t time_ns) {
    identities_.end(std::string(container_owner) + id, time_ns);
    held_.erase(id);
    pids_.erase(id);
}

LiveRoster::Then LiveRoster::apply_container(const engine::Event& event) {
    if (!engine::is_plain_id(event.actor_id)) return Then::nothing;
    if (event.action == "create") {
        announce(event);
    } else if (event.action == "start") {
        started(event);
        return Then::look_at_namespaces;
    } else if (event.action == "die") {
        const auto exit_code = text::to_integer(event.attribute("exitCode"));
        tell({.what = Life::What::died,
              .time_ns = event.time_nano,
              .identity = known_of(event),
              .exit_code = static_cast<int>(exit_code.value_or(-1)),
              .inspect = {}});
        ended(event.actor_id, event.time_nano);
    } else if (event.action == "destroy") {
        ended(event.actor_id, event.time_nano);
        announced_.erase(event.actor_id);
    } else if (event.action == "rename") {
        announced_.erase(event.actor_id);
        announce(event);
        const auto found = held_.find(event.actor_id);
        if (found == held_.end()) return Then::nothing;
        Holding holding = found->second;
        holding.from_ns = event.time_nano;
        const auto rename = [&](flow::IdentityPtr& identity) {
            flow::Identity renamed = *identity;
            renamed.container = event.attribute("name");
            identity = std::make_shared<const flow::Identity>(std::move(renamed));
        };
        for (Claim& one : holding.addresses) rename(one.identity);
        for (Attachment& one : holding.attachments) rename(one.identity);
        put(std::move(holding));
    }
    return Then::nothing;
}

// What runs on other nodes: an overlay is told of only where it has an endpoint, so with the first one all others are news.
void LiveRoster::put_others(const engine::Network& network, std::int64_t time_ns) {
    Roster here;
    for (const auto& [id, holding] : held_) here.holdings.push_back(holding);
    const std::size_t own = here.holdings.size();
    put_services(network, stacks_, here);
    for (std::size_t i = own; i < here.holdings.size(); ++i) {
        here.holdings[i].from_ns = time_ns;
        identities_.put(std::move(here.holdings[i]));
    }
}

// The endpoint has its address before the container's processes begin, and the network can be asked for it while the engine still holds
// the container's lock.
void LiveRoster::connected(const engine::Event& event) {
    const bool is_overlay = event.attribute("type") == "overlay";
    const auto reading = reader_.read(world::engine_get("/networks/" + event.actor_id + (is_overlay ? "?verbose=true" : "")));
    const auto network = reading.present() ? engine::parse_network(reading.bytes) : Result<engine::Network>(fail(Code::unavailable, reading.reason));
    if (!network || network->id != event.actor_id) return;
    if (std::ranges::find(networks_, network->id, &NetworkFacts::id) == networks_.end()) {
        networks_.push_back(facts_of(*network));
        identities_.put_networks(networks_);
        Holding gateways = holding_of(*network, node_);
        gateways.from_ns = event.time_nano;
        identities_.put(std::move(gateways));
    }
    if (is_overlay) put_others(*network, event.time_nano);
    const std::string id = event.attribute("container");
    const auto endpoint = std::ranges::find(network->endpoints, id, &engine::NetworkEndpoint::container_id);
    if (endpoint == network->endpoints.end() || !engine::is_plain_id(id)) return;
    flow::Identity here;
    if (const auto announced = announced_.find(id); announced != announced_.end()) {
        here = announced->second;
    } else if (const auto held = held_.find(id); held != held_.end() && !held->second.addresses.empty()) {
        here = *held->second.addresses.front().identity;
    } else {
        here = {.who = flow::Who::container, .container_id = id, .container = endpoint->container_name, .node = node_};
    }
    here.network = network->name;
    const auto identity = std::make_shared<const flow::Identity>(std::move(here));
    Holding holding = held_.contains(id) ? held_[id] : Holding{.owner = std::string(container_owner) + id};
    holding.from_ns = event.time_nano;
    std::erase_if(holding.addresses, [&](const Claim& one) { return one.network_id == network->id; });
    put_claim(holding, endpoint->ipv4_address, network->id, identity);
    put_claim(holding, endpoint->ipv6_address, network->id, identity);
    // An overlay's namespace is made with its first endpoint here.
    if (network->driver == "overlay" && !spaces_.overlays.contains(network->id)) spaces_ = read_spaces(reader_, networks_);
    if (const auto pid = pids_.find(id); pid != pids_.end()) {
        holding.attachments = read_attachments(reader_, id, pid->second, holding, spaces_, networks_);
    }
    put(std::move(holding));
}

LiveRoster::Then LiveRoster::apply_network(const engine::Event& event) {
    if (!engine::is_plain_id(event.actor_id)) return Then::nothing;
    if (event.action == "connect") {
        connected(event);
        return Then::look_at_namespaces;
    }
    if (event.action == "disconnect") {
        const auto found = held_.find(event.attribute("container"));
        if (found == held_.end()) return Then::nothing;
        Holding holding = found->second;
        holding.from_ns = event.time_nano;
        std::erase_if(holding.addresses, [&](const Claim& one) { return one.network_id == event.actor_id; });
        put(std::move(holding));
        return Then::nothing;
    }
    if (event.action == "destroy" || event.action == "remove") {
        identities_.end("network:" + event.actor_id, event.time_nano);
        std::erase_if(networks_, [&](const NetworkFacts& one) { return one.id == event.actor_id; });
        identities_.put_networks(networks_);
        return Then::look_at_namespaces;
    }
    if (event.action == "create") connected(event);  // there is no container yet: the network alone is learned
    return event.action == "create" ? Then::look_at_namespaces : Then::nothing;
}

}  // namespace bulkhead::agent
