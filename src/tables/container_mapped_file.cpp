// SPDX-License-Identifier: Apache-2.0
// container_mapped_file: the programs and libraries that processes of containers have mapped; a renamed program still maps its own.
#include <fmt/format.h>

#include "base/text.h"
#include "host/mapped_files.h"
#include "tables/host_rows.h"

namespace bulkhead::tables {

namespace {

struct Row {
    host::ContainerRef container;
    std::int64_t pid = 0;
    std::string path;
    std::string locator;
};

std::vector<Row> read(Scan& scan) {
    auto& host = scan.facts().host;
    report(scan, host.process_index().problems);
    std::vector<Row> rows;
    if (!host.engine_pid()) return rows;
    const auto wanted = scan.wanted("pid");
    for (const host::ContainerRef& container : running_containers(scan)) {
        const auto found = host.process_index().by_container.find(container.id);
        if (found == host.process_index().by_container.end()) continue;  // container_process tells that none is visible
        std::vector<std::int64_t> pids;
        for (const std::int64_t pid : found->second) {
            if (!wanted || text::to_integer(*wanted) == pid) pids.push_back(pid);
        }
        std::vector<world::Request> requests;
        for (const std::int64_t pid : pids) requests.push_back(world::file_at(fmt::format("/proc/{}/maps", pid)));
        const auto readings = scan.facts().world.read_all(requests);
        for (std::size_t i = 0; i < pids.size(); ++i) {
            std::vector<host::Problem> problems;
            auto paths = host::parsed<std::vector<std::string>>(*readings[i], host::parse_mapped_files, problems, host::Absent::is_nothing, container.id);
            report(scan, problems);
            if (!paths) continue;
            for (std::string& path : *paths) rows.push_back({container, pids[i], std::move(path), readings[i]->locator});
        }
    }
    return rows;
}

}  // namespace

Table container_mapped_file() {
    return make_table<Row>(TableSpec<Row>{.name = "container_mapped_file",
                                          .help = "files that processes of running containers have mapped: programs and libraries",
                                          .columns = joined(container_columns<Row>(), {{"pid", Type::integer, "process on the host", of(&Row::pid)},
                                                                                       {"path", Type::text, "file, as a path in the container", of(&Row::path)},
                                                                                       {"locator", Type::text, std::string(locator_help), of(&Row::locator)}}),
                                          .keys = {"container_id", "container_name", "pid"},
                                          .examples = {"select container_name, pid, path from container_mapped_file where path like '%/libtomcrypt%'"},
                                          .rows = read});
}

}  // namespace bulkhead::tables
