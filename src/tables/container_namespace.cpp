// SPDX-License-Identifier: Apache-2.0
// container_namespace: the namespaces of each running container's first process, and whether they are the engine's own.
#include <fmt/format.h>

#include "host/namespaces.h"
#include "tables/host_rows.h"

namespace bulkhead::tables {

namespace {

struct Row {
    host::ContainerRef container;
    std::string type;
    std::int64_t inode = 0;
    std::optional<bool> is_host;
    std::optional<std::string> uid_map;
    std::optional<bool> is_identity_map;
    std::string locator;
};

host::Namespaces of_pid(Scan& scan, std::int64_t pid, const std::string& container_id) {
    std::vector<host::Problem> problems;
    const auto reading = scan.facts().world.read(world::namespaces_of(pid));
    auto found = host::parsed<host::Namespaces>(*reading, host::parse_namespaces, problems, host::Absent::is_nothing, container_id);
    report(scan, problems);
    return found ? std::move(*found) : host::Namespaces{};
}

std::vector<Row> read(Scan& scan) {
    std::vector<Row> rows;
    const auto mains = main_processes(scan);
    if (mains.empty()) return rows;
    std::vector<world::Request> ahead;
    for (const MainProcess& main : mains) {
        ahead.push_back(world::namespaces_of(main.pid));
        ahead.push_back(world::file_at(fmt::format("/proc/{}/uid_map", main.pid)));
    }
    scan.facts().world.prefetch(ahead);
    const host::Namespaces engines = of_pid(scan, *scan.facts().host.engine_pid(), "");
    for (const MainProcess& main : mains) {
        std::vector<host::Problem> problems;
        const auto map_reading = scan.facts().world.read(world::file_at(fmt::format("/proc/{}/uid_map", main.pid)));
        const auto map = host::parsed<host::IdMap>(*map_reading, host::IdMap::parse, problems, host::Absent::is_nothing, main.container.id);
        report(scan, problems);
        for (const auto& [type, inode] : of_pid(scan, main.pid, main.container.id)) {
            Row row{main.container, type, inode, {}, {}, {}, locator(world::namespaces_of(main.pid))};
            if (const auto engine = engines.find(type); engine != engines.end()) row.is_host = engine->second == inode;
            if (type == "user" && map) {
                row.uid_map = map_reading->bytes;
                row.is_identity_map = map->is_identity();
            }
            rows.push_back(std::move(row));
        }
    }
    return rows;
}

}  // namespace

Table container_namespace() {
    return make_table<Row>(
        TableSpec<Row>{.name = "container_namespace",
                       .help = "namespaces of running containers",
                       .columns = joined(container_columns<Row>(),
                                         {{"type", Type::text, "cgroup, ipc, mnt, net, pid, time, user, uts", of(&Row::type)},
                                          {"inode", Type::integer, "number that names the namespace on this machine", of(&Row::inode)},
                                          {"is_host", Type::boolean, "is the engine's own; null: not known", of(&Row::is_host)},
                                          {"uid_map", Type::text, "of the user namespace: id inside, id outside, count", of(&Row::uid_map)},
                                          {"is_identity_map", Type::boolean, "of the user namespace: ids inside are the host's own", of(&Row::is_identity_map)},
                                          {"locator", Type::text, std::string(locator_help), of(&Row::locator)}}),
                       .keys = {"container_id", "container_name"},
                       .examples = {"select container_name, type from container_namespace where is_host and type in ('net', 'pid', 'ipc')"},
                       .rows = read});
}

}  // namespace bulkhead::tables
