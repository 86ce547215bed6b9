// SPDX-License-Identifier: Apache-2.0
// The lists inside an inspected container: ports, mounts, endpoints, environment. Used by container.cpp. Pure.
#pragma once

#include <vector>

#include "engine/container.h"

namespace bulkhead::engine {

std::vector<EnvVariable> read_env(const json::Value& array);
std::vector<Port> read_declared_ports(const json::Value& root);
std::vector<Port> read_configured_ports(const json::Value& root);
std::vector<Mount> read_mounts(const json::Value& root);
std::vector<Endpoint> read_endpoints(const json::Value& networks);

}  // namespace bulkhead::engine
