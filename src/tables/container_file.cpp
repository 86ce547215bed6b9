// SPDX-License-Identifier: Apache-2.0
// container_file: one path in the root of every running container: is it there, whose is it, and is it the engine's own socket.
// Finds a mounted engine socket by device and inode, whatever it is called in the container.
#include "base/json.h"
#include "host/file_stat.h"
#include "tables/host_rows.h"

namespace bulkhead::tables {

namespace {

struct Row {
    host::ContainerRef container;
    std::string path;
    std::optional<host::FileStat> stat;
    std::string same_as;
    std::string locator;
};

template <class Member>
auto stat(Member host::FileStat::* member) {
    return [member](const Row& row) { return row.stat ? cell((*row.stat).*member) : Cell{}; };
}

// The sockets through which an engine or its containerd can be driven, in the engine's own root.
std::vector<std::pair<std::string, host::FileStat>> engine_sockets(Scan& scan) {
    auto& facts = scan.facts();
    std::vector<std::string> paths = {"/run/docker.sock", "/run/containerd/containerd.sock", "/run/docker/containerd/containerd.sock"};
    const auto process = facts.world.read(world::engine_process());
    if (const auto document = json::Document::parse(process->bytes)) {
        if (const auto socket = document->root()["socket"].text()) paths.insert(paths.begin(), *socket);
    }
    std::vector<std::pair<std::string, host::FileStat>> sockets;
    for (const std::string& path : paths) {
        std::vector<host::Problem> problems;
        const auto reading = facts.world.read(world::stat_at(path, *facts.host.engine_pid()));
        if (const auto found = host::parsed<host::FileStat>(*reading, host::parse_file_stat, problems, host::Absent::is_nothing))
            sockets.emplace_back(path, *found);
        report(scan, problems);
    }
    return sockets;
}

std::vector<Row> read(Scan& scan) {
    std::vector<Row> rows;
    const std::string path = scan.wanted("path").value_or("");
    const auto mains = main_processes(scan);
    if (mains.empty()) return rows;
    if (!path.starts_with('/')) {
        scan.failed("container_file", "path must be absolute");
        return rows;
    }
    std::vector<world::Request> requests;
    for (const MainProcess& main : mains) requests.push_back(world::stat_at(path, main.pid));
    const auto readings = scan.facts().world.read_all(requests);
    const auto sockets = engine_sockets(scan);
    for (std::size_t i = 0; i < mains.size(); ++i) {
        std::vector<host::Problem> problems;
        Row row{mains[i].container, path, {}, {}, readings[i]->locator};
        row.stat = host::parsed<host::FileStat>(*readings[i], host::parse_file_stat, problems, host::Absent::is_nothing, row.container.id);
        report(scan, problems);
        if (!problems.empty()) continue;
        for (const auto& [name, socket] : sockets) {
            if (row.stat && row.same_as.empty() && row.stat->is_same_file(socket)) row.same_as = name;
        }
        rows.push_back(std::move(row));
    }
    return rows;
}

}  // namespace

Table container_file() {
    return make_table<Row>(TableSpec<Row>{
        .name = "container_file",
        .help = "one path in every running container; give it as path = '...'",
        .columns = joined(container_columns<Row>(),
                          {{"path", Type::text, "absolute path in the container", of(&Row::path)},
                           {"exists", Type::boolean, "is there", [](const Row& row) { return cell(row.stat.has_value()); }},
                           {"type", Type::text, "file, directory, socket, ...", stat(&host::FileStat::type)},
                           {"mode", Type::text, "permissions, octal", [](const Row& row) { return row.stat ? cell(row.stat->mode_text()) : Cell{}; }},
                           {"mode_number", Type::integer, "permissions as a number", stat(&host::FileStat::mode)},
                           {"uid", Type::integer, "owner on the host", stat(&host::FileStat::uid)},
                           {"gid", Type::integer, "group on the host", stat(&host::FileStat::gid)},
                           {"size", Type::integer, "bytes", stat(&host::FileStat::size)},
                           {"device", Type::text, "filesystem it is on", stat(&host::FileStat::device)},
                           {"inode", Type::integer, "number in that filesystem", stat(&host::FileStat::inode)},
                           {"same_as", Type::text, "the engine's socket that this is, as a path on the host; null: none",
                            [](const Row& row) { return text_or_null(row.same_as); }},
                           {"locator", Type::text, std::string(locator_help), of(&Row::locator)}}),
        .keys = {"container_id", "container_name"},
        .required = {"path"},
        .examples = {"select container_name, same_as from container_file where path = '/var/run/docker.sock' and same_as is not null"},
        .rows = read});
}

}  // namespace bulkhead::tables
