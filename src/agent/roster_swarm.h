// SPDX-License-Identifier: Apache-2.0
// The part of a roster that a Swarm adds: services' virtual addresses and what runs on other nodes, as `network inspect --verbose` tells
// managers and workers alike, and the nodes. Used by roster.cpp.
#pragma once

#include "agent/roster.h"

namespace bulkhead::agent {

// A stack's service without the stack's name in front: "shop_web" of stack "shop" is "web", as Compose calls it.
std::string service_within(const std::string& service, const std::string& stack);

// REQUIRES: the containers' holdings are there: what runs here is theirs.
void put_services(const engine::Network& network, Roster& roster);
void put_nodes(engine::Engine& engine, const std::vector<engine::Network>& networks, Roster& roster);

}  // namespace bulkhead::agent
