// SPDX-License-Identifier: Apache-2.0
// Flows of this host as they happen.
#include <cstdlib>
#include <optional>

#include "agent/live_source.h"
#include "cli/flow_sources.h"
#include "world/live/docker_context.h"

namespace bulkhead::cli {

namespace {

std::optional<std::string> environment(const std::string& variable) {
    const char* value = std::getenv(variable.c_str());
    if (value == nullptr) return std::nullopt;
    return value;
}

}  // namespace

Result<FlowSourcePtr> open_live_flows(const GlobalOptions& global) {
    auto engine = world::find_engine({.host = global.host.empty() ? std::nullopt : std::optional(global.host), .environment = environment});
    if (!engine) return std::unexpected(engine.error());
    agent::AgentOptions options;
    options.engine = std::move(*engine);
    return agent::live_source(std::move(options));
}

}  // namespace bulkhead::cli
