// SPDX-License-Identifier: Apache-2.0
#include "host/host.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/json.h"

namespace bulkhead::host {

namespace {

Result<std::int64_t> pid_in(const world::Reading& reading) {
    if (!reading.present()) return std::unexpected(error_of(reading));
    const auto document = json::Document::parse(reading.bytes);
    const auto pid = document ? document->root()["pid"].integer() : std::nullopt;
    if (!pid || *pid <= 0) return fail(Code::corrupt, "the engine's process has no number");
    return *pid;
}

world::Request status_of(std::int64_t pid) { return world::file_at(fmt::format("/proc/{}/status", pid)); }

}  // namespace

const Result<std::int64_t>& Host::engine_pid() {
    if (!engine_pid_) engine_pid_ = pid_in(*world_.read(world::engine_process()));
    return *engine_pid_;
}

Problem Host::engine_problem() { return {locator(world::engine_process()), engine_pid().error().message}; }

const ProcessIndex& Host::process_index() {
    if (!index_) {
        index_.emplace();
        if (engine_pid()) {
            index_ = index_processes(world_);
        } else {
            index_->problems.push_back(engine_problem());
        }
    }
    return *index_;
}

Result<std::size_t> Host::engine_depth() {
    if (engine_depth_) return *engine_depth_;
    const auto depth = [&]() -> Result<std::size_t> {
        if (!engine_pid()) return std::unexpected(engine_pid().error());
        const auto reading = world_.read(status_of(*engine_pid()));
        if (!reading->present()) return std::unexpected(error_of(*reading));
        const auto status = parse_proc_status(reading->bytes);
        if (!status) return std::unexpected(status.error());
        return status->ns_pids.empty() ? 0 : status->ns_pids.size() - 1;
    };
    engine_depth_ = depth();
    return *engine_depth_;
}

// NSpid lists a process's numbers from the reader's namespace inwards: at the engine's depth stands the engine's number for it.
Result<std::int64_t> Host::main_pid(const ContainerRef& container) {
    if (container.state_pid <= 0) return fail(Code::not_found, "the container has no running process");
    const auto depth = engine_depth();
    if (!depth) return std::unexpected(depth.error());
    if (*depth == 0) return container.state_pid;
    const ProcessIndex& index = process_index();
    const auto found = index.by_container.find(container.id);
    const auto& candidates = found == index.by_container.end() ? index.pids : found->second;
    std::vector<world::Request> requests;
    for (const std::int64_t pid : candidates) requests.push_back(status_of(pid));
    const auto readings = world_.read_all(requests);
    for (std::size_t i = 0; i < readings.size(); ++i) {
        const auto status = readings[i]->present() ? parse_proc_status(readings[i]->bytes) : fail(Code::not_found, "");
        if (status && status->ns_pids.size() > *depth && status->ns_pids[*depth] == container.state_pid) return candidates[i];
    }
    return fail(Code::not_found, "the container's main process is not in this /proc");
}

std::vector<ContainerProcesses> Host::container_processes(std::span<const ContainerRef> containers) {
    std::vector<ContainerProcesses> all;
    std::vector<std::vector<std::int64_t>> pids;
    std::vector<world::Request> requests;
    const ProcessIndex& index = process_index();
    for (const ContainerRef& container : containers) {
        ContainerProcesses& one = all.emplace_back(ContainerProcesses{container, {}, {}});
        auto& own = pids.emplace_back();
        if (!engine_pid()) {
            one.problems.push_back(engine_problem());
            one.problems.back().container_id = container.id;
            continue;
        }
        if (const auto found = index.by_container.find(container.id); found != index.by_container.end()) own = found->second;
        if (own.empty()) {
            if (const auto main = main_pid(container)) own.push_back(*main);
        }
        for (const std::int64_t pid : own) std::ranges::move(process_requests(pid), std::back_inserter(requests));
    }
    const UnixMs boot = requests.empty() ? 0 : boot_time();
    const auto readings = world_.read_all(requests);
    std::size_t at = 0;
    for (std::size_t i = 0; i < all.size(); ++i) {
        const auto main = pids[i].empty() ? fail(Code::not_found, "") : main_pid(all[i].container);
        for (const std::int64_t pid : pids[i]) {
            const std::size_t count = process_requests(pid).size();
            auto process = process_from(pid, std::span(readings).subspan(at, count), boot, all[i].container.id, all[i].problems);
            at += count;
            if (!process) continue;
            process->is_main = main && *main == pid;
            all[i].processes.push_back(std::move(*process));
        }
        // The engine says that it runs: no process in sight is a lack of sight (hidepid, another pid namespace), not an empty container.
        if (all[i].processes.empty() && all[i].problems.empty()) {
            all[i].problems.push_back({"directory:/proc", "no process of this running container is visible here", all[i].container.id});
        }
    }
    return all;
}

UnixMs Host::boot_time() {
    if (!boot_time_) {
        const auto reading = world_.read(world::file_at("/proc/stat"));
        boot_time_ = reading->present() ? parse_boot_time(reading->bytes).value_or(0) : 0;
    }
    return *boot_time_;
}

}  // namespace bulkhead::host
