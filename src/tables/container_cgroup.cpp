// SPDX-License-Identifier: Apache-2.0
// container_cgroup: the limits in force on each running container and what it uses, from its control group (v1, v2 or both).
#include "host/cgroup_limits.h"
#include "tables/host_rows.h"

namespace bulkhead::tables {

namespace {

struct Row {
    host::ContainerRef container;
    host::CgroupLimits limits;
};

template <class Member>
auto limit(Member host::CgroupLimits::* member) {
    return [member](const Row& row) { return cell(row.limits.*member); };
}

std::vector<Row> read(Scan& scan) {
    std::vector<Row> rows;
    for (const MainProcess& main : main_processes(scan)) {
        rows.push_back({main.container, host::cgroup_limits(scan.facts().world, main.pid, main.container.id)});
        report(scan, rows.back().limits.problems);
        // A row whose limits are unknown would read as "no limit".
        if (!rows.back().limits.problems.empty()) rows.pop_back();
    }
    return rows;
}

}  // namespace

Table container_cgroup() {
    return make_table<Row>(TableSpec<Row>{
        .name = "container_cgroup",
        .help = "limits in force and use of running containers",
        .columns = joined(container_columns<Row>(),
                          {{"pids_max", Type::integer, "processes and threads it may have; null: no limit", limit(&host::CgroupLimits::pids_max)},
                           {"pids_current", Type::integer, "that it has", limit(&host::CgroupLimits::pids_current)},
                           {"memory_max", Type::integer, "bytes; null: no limit", limit(&host::CgroupLimits::memory_max_bytes)},
                           {"memory_current", Type::integer, "bytes in use", limit(&host::CgroupLimits::memory_current_bytes)},
                           {"cpu_quota_us", Type::integer, "cpu time in each period; null: no limit", limit(&host::CgroupLimits::cpu_quota_us)},
                           {"cpu_period_us", Type::integer, "length of the period", limit(&host::CgroupLimits::cpu_period_us)},
                           {"cgroup_version", Type::integer, "of the controller pids: 1 or 2", limit(&host::CgroupLimits::pids_version)},
                           {"path", Type::text, "directory of the controller pids", limit(&host::CgroupLimits::pids_path)},
                           {"locator", Type::text, std::string(locator_help), limit(&host::CgroupLimits::locator)}}),
        .keys = {"container_id", "container_name"},
        .examples = {"select container_name from container_cgroup where pids_max is null"},
        .rows = read});
}

}  // namespace bulkhead::tables
