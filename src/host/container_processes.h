// SPDX-License-Identifier: Apache-2.0
// Processes of containers as the kernel has them: found by control group, read from the caller's /proc. Nothing is executed, and
// /proc/PID/environ is never read. Values.
//
// Why by control group: State.Pid is a number of the engine's pid namespace, which need not be the caller's (Docker in Docker), and
// tells the main process alone. /proc/PID/cgroup names the container of every process in the reader's own numbers. Only where the
// control groups hide the id (a cgroup namespace of the caller's own) is State.Pid the way in, translated by NSpid.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "host/cgroup.h"
#include "host/id_map.h"
#include "host/problem.h"
#include "host/proc_status.h"
#include "world/world.h"

namespace bulkhead::host {

inline constexpr std::size_t pids_max = 4'194'304;  // PID_MAX_LIMIT of the kernel

// A running container, as the engine tells it.
struct ContainerRef {
    std::string id;
    std::string name;
    std::int64_t state_pid = 0;
};

struct Process {
    std::int64_t pid = 0;  // in the caller's pid namespace
    std::string locator;   // of its status
    ProcStatus status;
    std::vector<std::string> cmdline;
    std::optional<std::string> exe;        // where /proc/PID/exe points, in the process's root; nothing where it may not be read
    std::optional<std::string> lsm_label;  // of AppArmor, SELinux or Smack; nothing where none of them labels
    std::optional<IdMap> uid_map;
    std::string uid_map_text;
    std::optional<UnixMs> start_time;
    bool is_main = false;  // the engine's State.Pid
};

struct ContainerProcesses {
    ContainerRef container;
    std::vector<Process> processes;  // by pid
    std::vector<Problem> problems;
};

struct ProcessIndex {
    std::vector<std::int64_t> pids;                                  // all of the caller's /proc, ascending
    std::map<std::string, std::vector<std::int64_t>> by_container;   // container id -> pids, ascending
    std::map<std::int64_t, std::vector<std::string>> containers_of;  // pid -> ids, outermost first; only of those in containers
    std::vector<Problem> problems;
};

// Lists /proc and reads the control groups of all processes. One that ends meanwhile is left out.
ProcessIndex index_processes(world::World& world);
// The readings of one process, to be asked for in one batch and put together by process_from, in this order.
std::vector<world::Request> process_requests(std::int64_t pid);
// Nothing where the process has ended.
std::optional<Process> process_from(std::int64_t pid, std::span<const world::ReadingPtr> readings, UnixMs boot_time, const std::string& container_id,
                                    std::vector<Problem>& problems);

}  // namespace bulkhead::host
