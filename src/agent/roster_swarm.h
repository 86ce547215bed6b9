// SPDX-License-Identifier: Apache-2.0
// The part of a roster that a Swarm adds: services' virtual addresses and what runs on other nodes, as `network inspect --verbose` tells
// managers and workers alike, and the nodes. Used by roster.cpp.
#pragma once

#include <map>
#include <string>

#include "agent/roster.h"

namespace bulkhead::agent {

// A stack's service without the stack's name in front: "shop_web" of stack "shop" is "web", as Compose calls it.
std::string service_within(const std::string& service, const std::string& stack);

// Which stack a service is of, by the service's name.
using Stacks = std::map<std::string, std::string>;

// All REQUIRE: the containers' holdings are there: what runs here is theirs, and tells of its stack.
Stacks read_stacks(engine::Engine& engine, const Roster& roster);
void put_services(const engine::Network& network, const Stacks& stacks, Roster& roster);
void put_nodes(engine::Engine& engine, const std::vector<engine::Network>& networks, Roster& roster);

}  // namespace bulkhead::agent
