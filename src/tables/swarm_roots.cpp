// SPDX-License-Identifier: Apache-2.0
#include "tables/swarm_roots.h"

namespace bulkhead::tables {

std::optional<SwarmRoots> swarm_certificate_file(Scan& scan, const engine::Info& info, const std::string& name) {
    Facts& facts = scan.facts();
    const auto& pid = facts.host.engine_pid();
    if (!pid) {
        scan.failed(facts.host.engine_problem().locator, facts.host.engine_problem().reason);
        return std::nullopt;
    }
    const auto reading = facts.world.read(world::file_at(info.docker_root_dir + "/swarm/certificates/" + name, *pid));
    if (reading->present()) return SwarmRoots{reading->bytes, reading->locator};
    scan.failed(reading->locator, reading->reason.empty() ? "not there" : reading->reason);
    return std::nullopt;
}

std::optional<SwarmRoots> swarm_roots(Scan& scan, const engine::Info& info) {
    if (info.swarm.local_node_state == "active" && info.swarm.control_available) {
        const auto& swarm = scan.facts().engine.swarm();
        for (const auto& problem : swarm.problems) scan.failed(problem.locator, problem.reason);
        for (const auto& cluster : swarm.items) {
            if (!cluster.trust_root.empty()) return SwarmRoots{cluster.trust_root, swarm.locator};
        }
    }
    return swarm_certificate_file(scan, info, "swarm-root-ca.crt");
}

}  // namespace bulkhead::tables
