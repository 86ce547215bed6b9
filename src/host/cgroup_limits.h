// SPDX-License-Identifier: Apache-2.0
// What a control group allows and uses: pids, memory and cpu, of cgroup v1, v2 or both at once. Read through the mounts of the
// caller's own mount namespace. Values.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "host/problem.h"
#include "world/world.h"

namespace bulkhead::host {

struct CgroupLimits {
    // Nothing: no limit. Where a value could not be read, the problems say so.
    std::optional<std::int64_t> pids_max, memory_max_bytes, cpu_quota_us;
    std::optional<std::int64_t> pids_current, memory_current_bytes, cpu_period_us;
    int pids_version = 0, memory_version = 0, cpu_version = 0;  // of cgroup, by controller; 0: could not be found
    std::string pids_path;
    std::string locator;  // of pids.max, or of the process's control groups where there is none
    std::vector<Problem> problems;
};

CgroupLimits cgroup_limits(world::World& world, std::int64_t pid, const std::string& container_id);

}  // namespace bulkhead::host
