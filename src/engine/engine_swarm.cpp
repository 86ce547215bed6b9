// SPDX-License-Identifier: Apache-2.0
// The part of Engine that asks a Swarm manager: who is no manager is not asked, and says why it has no answer.
#include <fmt/format.h>

#include "engine/engine.h"
#include "engine/listing.h"
#include "engine/memo.h"

namespace bulkhead::engine {

// GET /info, Swarm.LocalNodeState: inactive, pending, active, error, locked (moby api/types/swarm).
bool Engine::swarm_manager(std::vector<Problem>& problems) {
    const auto& about = info();
    if (about.items.empty()) {
        problems = about.problems;
        return false;
    }
    const SwarmState& state = about.items.front().swarm;
    if (state.local_node_state == "inactive") return false;
    if (state.local_node_state == "active" && state.control_available) return true;
    std::string reason = "this node is a worker: ask a manager";
    if (state.local_node_state.empty()) {
        reason = "the engine does not say whether it is part of a swarm";
    } else if (state.local_node_state != "active") {
        reason = fmt::format("the swarm on this node is {}{}{}", state.local_node_state, state.error.empty() ? "" : ": ", state.error);
    }
    problems.push_back({about.locator, std::move(reason), {}});
    return false;
}

template <class T, class Ask>
const Listing<T>& Engine::swarm_list(std::unique_ptr<Listing<T>>& memo, const char* target, Ask ask) {
    if (!memo) {
        memo = std::make_unique<Listing<T>>();
        if (swarm_manager(memo->problems)) *memo = ask(target);
    }
    return *memo;
}

const Listing<SwarmCluster>& Engine::swarm() {
    return swarm_list(memo_->swarm, "/swarm", [this](const char* target) { return read_one<SwarmCluster>(world_, target, parse_swarm); });
}

const Listing<Node>& Engine::nodes() {
    return swarm_list(memo_->nodes, "/nodes", [this](const char* target) { return read_list<Node>(world_, target, parse_node_list); });
}

const Listing<Service>& Engine::services() {
    return swarm_list(memo_->services, "/services?status=true", [this](const char* target) { return read_list<Service>(world_, target, parse_service_list); });
}

const Listing<Task>& Engine::tasks() {
    return swarm_list(memo_->tasks, "/tasks", [this](const char* target) { return read_list<Task>(world_, target, parse_task_list); });
}

const Listing<Secret>& Engine::secrets() {
    return swarm_list(memo_->secrets, "/secrets", [this](const char* target) { return read_list<Secret>(world_, target, parse_secret_list); });
}

const Listing<Secret>& Engine::configs() {
    return swarm_list(memo_->configs, "/configs", [this](const char* target) { return read_list<Secret>(world_, target, parse_secret_list); });
}

}  // namespace bulkhead::engine
