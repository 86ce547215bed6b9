// SPDX-License-Identifier: Apache-2.0
// /proc/PID/cgroup (cgroups(7)): which container a process belongs to, and where the limits of its control group are. Any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "host/mountinfo.h"

namespace bulkhead::host {

inline constexpr std::size_t container_id_length = 64;

struct Cgroup {
    std::vector<std::string> controllers;  // of v1: "pids", "name=systemd"; empty for v2
    std::string path;                      // as the reader's cgroup namespace sees it

    [[nodiscard]] bool is_v2() const { return controllers.empty(); }
};

Result<std::vector<Cgroup>> parse_cgroups(std::string_view bytes);

// The ids of containers in the paths, outermost first, each once: "/docker/<id>", "/system.slice/docker-<id>.scope",
// "/anything/<id>", "...:docker:<id>". More than one where engines are nested: the process is in all of them.
std::vector<std::string> container_ids(const std::vector<Cgroup>& cgroups);

// Where the files of a controller of this process are, by the mounts of the reader's own mount namespace: the directory of v1 where
// that controller is mounted, else of v2. Nothing where neither is mounted, or the control group is out of the reader's view.
struct CgroupDirectory {
    std::string path;
    bool is_v2 = false;
};
std::optional<CgroupDirectory> directory_of(std::string_view controller, const std::vector<Cgroup>& cgroups, const std::vector<Mount>& mounts);

// "max" and v1's huge number both mean no limit.
struct Limit {
    bool unlimited = true;
    std::int64_t value = 0;
};
Result<Limit> parse_limit(std::string_view bytes);

}  // namespace bulkhead::host
