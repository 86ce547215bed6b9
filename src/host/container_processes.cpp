// SPDX-License-Identifier: Apache-2.0
#include "host/container_processes.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace bulkhead::host {

namespace {

enum Part : std::size_t { status, cmdline, stat, uid_map, label, exe, parts };

std::string proc(std::int64_t pid, std::string_view file) { return fmt::format("/proc/{}/{}", pid, file); }

std::vector<std::int64_t> pids_in(std::string_view directory) {
    std::vector<std::int64_t> pids;
    for (const std::string_view entry : text::lines(directory)) {
        const auto pid = text::to_integer(entry);
        if (pid && *pid > 0 && pids.size() < pids_max) pids.push_back(*pid);
    }
    std::ranges::sort(pids);
    return pids;
}

// "docker-default (enforce)", "unconfined", an SELinux context. A kernel where no security module labels answers EINVAL, which is
// a reading that failed and says nothing about the process: no label, and no problem. One that may not be read is a problem.
std::optional<std::string> label_from(const world::Reading& reading, const std::string& container_id, std::vector<Problem>& problems) {
    if (reading.outcome == world::Outcome::denied) problems.push_back(problem_of(reading, container_id));
    if (!reading.present()) return std::nullopt;
    std::string_view bytes = reading.bytes;
    while (bytes.ends_with('\0') || bytes.ends_with('\n')) bytes.remove_suffix(1);
    return bytes.empty() ? std::nullopt : std::optional(std::string(bytes));
}

}  // namespace

ProcessIndex index_processes(world::World& world) {
    ProcessIndex index;
    const auto listing = world.read(world::directory_at("/proc"));
    if (!listing->present()) {
        index.problems.push_back(problem_of(*listing));
        return index;
    }
    index.pids = pids_in(listing->bytes);
    std::vector<world::Request> requests;
    requests.reserve(index.pids.size());
    for (const std::int64_t pid : index.pids) requests.push_back(world::file_at(proc(pid, "cgroup")));
    const auto readings = world.read_all(requests);
    for (std::size_t i = 0; i < readings.size(); ++i) {
        const auto cgroups = parsed<std::vector<Cgroup>>(*readings[i], parse_cgroups, index.problems, Absent::is_nothing);
        if (!cgroups) continue;
        auto ids = container_ids(*cgroups);
        for (const std::string& id : ids) index.by_container[id].push_back(index.pids[i]);
        if (!ids.empty()) index.containers_of.emplace(index.pids[i], std::move(ids));
    }
    return index;
}

std::vector<world::Request> process_requests(std::int64_t pid) {
    std::vector<world::Request> requests(parts);
    requests[status] = world::file_at(proc(pid, "status"));
    requests[cmdline] = world::file_at(proc(pid, "cmdline"));
    requests[stat] = world::file_at(proc(pid, "stat"));
    requests[uid_map] = world::file_at(proc(pid, "uid_map"));
    requests[label] = world::file_at(proc(pid, "attr/current"));
    requests[exe] = world::link_at(proc(pid, "exe"));
    return requests;
}

std::optional<Process> process_from(std::int64_t pid, std::span<const world::ReadingPtr> readings, UnixMs boot_time, const std::string& container_id,
                                    std::vector<Problem>& problems) {
    auto parsed_status = parsed<ProcStatus>(*readings[status], parse_proc_status, problems, Absent::is_nothing, container_id);
    if (!parsed_status) return std::nullopt;
    Process process;
    process.pid = pid;
    process.locator = readings[status]->locator;
    process.status = std::move(*parsed_status);
    if (process.status.state == "Z" || process.status.state == "X") return std::nullopt;  // ended; only its exit code waits to be read
    // From here on a file that is absent belongs to a process that ends just now: what was read of it stays.
    if (readings[cmdline]->present()) process.cmdline = parse_cmdline(readings[cmdline]->bytes);
    if (readings[cmdline]->unreadable()) problems.push_back(problem_of(*readings[cmdline], container_id));
    const auto ticks = parsed<std::int64_t>(*readings[stat], parse_start_ticks, problems, Absent::is_nothing, container_id);
    if (ticks && boot_time > 0) process.start_time = start_time(boot_time, *ticks);
    process.uid_map = parsed<IdMap>(*readings[uid_map], IdMap::parse, problems, Absent::is_nothing, container_id);
    process.uid_map_text = readings[uid_map]->bytes;
    process.lsm_label = label_from(*readings[label], container_id, problems);
    if (readings[exe]->present()) process.exe = readings[exe]->bytes;
    if (readings[exe]->unreadable()) problems.push_back(problem_of(*readings[exe], container_id));
    return process;
}

}  // namespace bulkhead::host
