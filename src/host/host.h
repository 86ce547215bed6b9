// SPDX-License-Identifier: Apache-2.0
// The kernel's and the host's word, as C++ values: processes, namespaces, sockets, links, routes, firewall rules. Bytes come from
// world/. "The host" is where the engine runs: its network namespace and its root, never the caller's by assumption.
// Where the engine's process is not known (an engine on another machine), nothing here falls back on the caller's /proc: every
// function gives the reason as its problem. Owned by the query's thread.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "host/container_processes.h"
#include "host/problem.h"
#include "world/world.h"

namespace bulkhead::host {

class Host {
  public:
    explicit Host(world::World& world) : world_(world) {}
    [[nodiscard]] world::World& world() const { return world_; }

    // The process that answers as the engine, in the caller's pid namespace. The error carries the reading's reason unchanged:
    // "the engine is on another host".
    const Result<std::int64_t>& engine_pid();
    // The same as a problem to report; REQUIRES engine_pid() to be an error.
    Problem engine_problem();

    // Which processes are in which container, by their control groups. A process of a nested engine's container is in both.
    const ProcessIndex& process_index();
    // Everything about the processes of these running containers, in their order; read in one batch.
    std::vector<ContainerProcesses> container_processes(std::span<const ContainerRef> containers);
    // The main process of a running container alone (State.Pid, translated to the caller's pid namespace).
    Result<std::int64_t> main_pid(const ContainerRef& container);
    UnixMs boot_time();  // 0 where it cannot be read

  private:
    // How many pid namespaces the engine is below the caller's: 0 for the same.
    Result<std::size_t> engine_depth();

    world::World& world_;
    std::optional<Result<std::int64_t>> engine_pid_;
    std::optional<Result<std::size_t>> engine_depth_;
    std::optional<ProcessIndex> index_;
    std::optional<UnixMs> boot_time_;
};

}  // namespace bulkhead::host
