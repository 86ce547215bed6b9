// SPDX-License-Identifier: Apache-2.0
// container_limit: the resource limits (ulimits) in force on the first process of each running container, as the kernel has them.
#include <fmt/format.h>

#include "host/process_limits.h"
#include "tables/host_rows.h"

namespace bulkhead::tables {

namespace {

struct Row {
    host::ContainerRef container;
    host::ProcessLimit limit;
    std::string locator;
};

template <class Member>
auto limit(Member host::ProcessLimit::* member) {
    return [member](const Row& row) { return cell(row.limit.*member); };
}

std::vector<Row> read(Scan& scan) {
    const auto mains = main_processes(scan);
    std::vector<world::Request> requests;
    requests.reserve(mains.size());
    for (const MainProcess& main : mains) requests.push_back(world::file_at(fmt::format("/proc/{}/limits", main.pid)));
    const auto readings = scan.facts().world.read_all(requests);
    std::vector<Row> rows;
    for (std::size_t i = 0; i < mains.size(); ++i) {
        std::vector<host::Problem> problems;
        auto limits = host::parsed<std::vector<host::ProcessLimit>>(*readings[i], host::parse_process_limits, problems, host::Absent::is_a_problem,
                                                                    mains[i].container.id);
        report(scan, problems);
        if (!limits) continue;
        for (host::ProcessLimit& one : *limits) rows.push_back({mains[i].container, std::move(one), readings[i]->locator});
    }
    return rows;
}

}  // namespace

Table container_limit() {
    return make_table<Row>(
        TableSpec<Row>{.name = "container_limit",
                       .help = "ulimits in force on the first process of running containers",
                       .columns = joined(container_columns<Row>(),
                                         {{"name", Type::text, "nofile, nproc, core, ...", limit(&host::ProcessLimit::name)},
                                          {"soft", Type::integer, "in force; null: unlimited", limit(&host::ProcessLimit::soft)},
                                          {"hard", Type::integer, "up to which the process may raise it; null: unlimited", limit(&host::ProcessLimit::hard)},
                                          {"locator", Type::text, std::string(locator_help), of(&Row::locator)}}),
                       .keys = {"container_id", "container_name"},
                       .examples = {"select container_name, hard from container_limit where name = 'nofile'"},
                       .rows = read});
}

}  // namespace bulkhead::tables
