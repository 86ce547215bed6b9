// SPDX-License-Identifier: Apache-2.0
// What the engine and the host say of addresses, as holdings for Identities: containers and their endpoints, the networks' gateways, the
// host's own addresses, the swarm's nodes, services and what runs on other nodes. Reads through a world, live or recorded.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "agent/identities.h"
#include "engine/engine.h"
#include "host/host.h"

namespace bulkhead::agent {

struct Roster {
    std::vector<Holding> holdings;
    std::vector<NetworkFacts> networks;
    std::map<std::string, std::string> stacks;  // which stack a swarm's service is of, by the service's name
    std::string node;                           // this engine's host name
    std::vector<std::string> problems;          // "LOCATOR: reason": what could not be read, so that somebody may stay without a name
};

// All of it. host: null where the engine's host cannot be looked at.
Roster read_roster(engine::Engine& engine, host::Host* host);

// For files beside a snapshot: who has which address in this world, at whatever time the packets were seen.
struct Named {
    std::unique_ptr<Identities> identities;  // never null
    std::vector<std::string> problems;
};
Named identities_of(world::World& world);

// One container alone, after an event. Nothing held where it does not run.
Holding holding_of(const engine::Container& container, const std::vector<NetworkFacts>& networks, const std::string& node);
// The network's gateways alone.
Holding holding_of(const engine::Network& network, const std::string& node);
NetworkFacts facts_of(const engine::Network& network);
// The identity without an address: name, image, project, service, task, labels.
flow::Identity identity_of(const engine::Container& container, const std::string& node);
void put_labels(flow::Identity& identity, const engine::TextMap& labels);  // and what they tell of project, service and task
// text: an address, with or without a prefix's length; what is none is left out.
void put_claim(Holding& holding, std::string_view text, const std::string& network_id, const flow::IdentityPtr& identity);

}  // namespace bulkhead::agent
