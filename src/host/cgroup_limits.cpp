// SPDX-License-Identifier: Apache-2.0
#include "host/cgroup_limits.h"

#include <fmt/format.h>

#include "base/text.h"
#include "host/cgroup.h"

namespace bulkhead::host {

namespace {

class Files {
  public:
    Files(world::World& world, const std::string& container_id, std::vector<Problem>& problems) : world_(world), id_(container_id), problems_(problems) {}

    // A file that is absent limits nothing: in v2 a controller that is not delegated to the group has no files there.
    std::optional<std::int64_t> number(const std::string& path) {
        const auto limit = parsed<Limit>(*world_.read(world::file_at(path)), parse_limit, problems_, Absent::is_nothing, id_);
        return limit && !limit->unlimited ? std::optional(limit->value) : std::nullopt;
    }
    void put_cpu_max(const std::string& path, CgroupLimits& limits) {
        const auto reading = world_.read(world::file_at(path));
        if (reading->unreadable()) problems_.push_back(problem_of(*reading, id_));
        const auto words = text::words(text::trim(reading->bytes));  // "max 100000" or "50000 100000"
        if (!reading->present()) return;
        const auto quota = words.size() == 2 ? parse_limit(words[0]) : fail(Code::corrupt, "not a cpu limit");
        const auto period = words.size() == 2 ? text::to_integer(words[1]) : std::nullopt;
        if (!quota || !period) return problems_.push_back({reading->locator, "not a cpu limit", id_});
        if (!quota->unlimited) limits.cpu_quota_us = quota->value;
        limits.cpu_period_us = period;
    }

  private:
    world::World& world_;
    const std::string& id_;
    std::vector<Problem>& problems_;
};

}  // namespace

CgroupLimits cgroup_limits(world::World& world, std::int64_t pid, const std::string& container_id) {
    CgroupLimits limits;
    const auto own = world.read(world::file_at(fmt::format("/proc/{}/cgroup", pid)));
    const auto mounted = world.read(world::file_at("/proc/self/mountinfo"));
    limits.locator = own->locator;
    const auto cgroups = parsed<std::vector<Cgroup>>(*own, parse_cgroups, limits.problems, Absent::is_a_problem, container_id);
    const auto mounts = parsed<std::vector<Mount>>(*mounted, parse_mountinfo, limits.problems, Absent::is_a_problem, container_id);
    if (!cgroups || !mounts) return limits;
    Files files(world, container_id, limits.problems);
    const auto find = [&](std::string_view controller, int& version) {
        auto directory = directory_of(controller, *cgroups, *mounts);
        if (directory) version = directory->is_v2 ? 2 : 1;
        if (!directory)
            limits.problems.push_back({own->locator, fmt::format("the control group of {} is not to be found in the mounts here", controller), container_id});
        return directory;
    };
    if (const auto pids = find("pids", limits.pids_version)) {
        limits.pids_path = pids->path;
        limits.locator = locator(world::file_at(pids->path + "/pids.max"));
        limits.pids_max = files.number(pids->path + "/pids.max");
        limits.pids_current = files.number(pids->path + "/pids.current");
    }
    if (const auto memory = find("memory", limits.memory_version)) {
        limits.memory_max_bytes = files.number(memory->path + (memory->is_v2 ? "/memory.max" : "/memory.limit_in_bytes"));
        limits.memory_current_bytes = files.number(memory->path + (memory->is_v2 ? "/memory.current" : "/memory.usage_in_bytes"));
    }
    if (const auto cpu = find("cpu", limits.cpu_version)) {
        if (cpu->is_v2) {
            files.put_cpu_max(cpu->path + "/cpu.max", limits);
        } else {
            limits.cpu_quota_us = files.number(cpu->path + "/cpu.cfs_quota_us");
            limits.cpu_period_us = files.number(cpu->path + "/cpu.cfs_period_us");
        }
    }
    return limits;
}

}  // namespace bulkhead::host
