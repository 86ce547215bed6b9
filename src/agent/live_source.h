// SPDX-License-Identifier: Apache-2.0
// This host as it runs, as a source of flows: an agent that lives as long as somebody looks. Needs root.
#pragma once

#include <memory>

#include "agent/agent.h"
#include "flow/flow_source.h"

namespace bulkhead::agent {

// Nothing is opened before run(); what an agent cannot do is run()'s error. Counts and blind spots are told by account().
std::unique_ptr<flow::FlowSource> live_source(AgentOptions options);

}  // namespace bulkhead::agent
