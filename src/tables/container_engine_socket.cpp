// SPDX-License-Identifier: Apache-2.0
// container_engine_socket: ways by which containers reach the control socket of the engine or of containerd. Of running containers the
// kernel's mounts decide; of others, what the engine will mount.
#include <fmt/format.h>

#include "host/dockerd_config.h"
#include "host/engine_sockets.h"
#include "tables/host_rows.h"

namespace bulkhead::tables {

namespace {

struct Row {
    host::ContainerRef container;
    std::string socket;
    std::string api;
    std::string mount_point;
    std::string mount_root;
    std::string path;
    bool is_read_only = false;
    bool is_direct = false;
    bool is_hidden = false;
    std::string layer;
    std::string locator;
};
using Sockets = std::vector<host::EngineSocket>;

Sockets sockets_of(Scan& scan) {
    auto& facts = scan.facts();
    const auto& version = facts.engine.version();
    const auto config = host::dockerd_config(facts.host, version.items.empty() ? std::nullopt : std::optional(version.items.front().version));
    report(scan, config.problems);
    auto found = host::engine_sockets(facts.host, config.items);
    report(scan, found.problems);
    if (found.items.empty() && found.problems.empty()) scan.failed("engine_process:", "the engine's control socket was not found in its own mounts");
    return std::move(found.items);
}

void add_running(Scan& scan, const Sockets& sockets, std::vector<Row>& rows) {
    const auto mains = main_processes(scan);
    std::vector<world::Request> requests;
    for (const MainProcess& main : mains) requests.push_back(world::file_at(fmt::format("/proc/{}/mountinfo", main.pid)));
    const auto readings = scan.facts().world.read_all(requests);
    for (std::size_t i = 0; i < mains.size(); ++i) {
        std::vector<host::Problem> problems;
        const auto mounts =
            host::parsed<std::vector<host::Mount>>(*readings[i], host::parse_mountinfo, problems, host::Absent::is_a_problem, mains[i].container.id);
        report(scan, problems);
        if (!mounts) continue;
        for (const host::EngineSocket& socket : sockets) {
            for (const host::SocketPath& way : host::paths_to(socket.place, *mounts)) {
                const host::Mount& mount = (*mounts)[way.mount];
                rows.push_back({mains[i].container, socket.path, socket.api, mount.mount_point, mount.root, way.path, mount.is_read_only(), way.is_direct,
                                way.is_hidden, "observed", readings[i]->locator});
            }
        }
    }
}

// "/var/run" is "/run" on the hosts there are; the engine keeps the path as it was given.
std::string without_var_run(const std::string& path) { return path == "/var/run" || path.starts_with("/var/run/") ? path.substr(4) : path; }

void add_stopped(Scan& scan, const Sockets& sockets, std::vector<Row>& rows) {
    for (const engine::Container& container : containers_wanted(scan, "container_id", "container_name")) {
        if (container.running && container.pid > 0) continue;
        for (const engine::Mount& mount : container.mounts) {
            const std::string source = without_var_run(mount.source);
            for (const host::EngineSocket& socket : sockets) {
                const std::string path = without_var_run(socket.path);
                if (!host::is_same_or_above(source, path)) continue;
                const std::string inside = mount.destination + (source == "/" ? path : path.substr(source.size()));
                rows.push_back({{container.id, container.name, 0},
                                socket.path,
                                socket.api,
                                mount.destination,
                                source,
                                inside,
                                !mount.rw,
                                source == path,
                                false,
                                "configured",
                                container.locator()});
            }
        }
    }
}

std::vector<Row> read(Scan& scan) {
    const Sockets sockets = sockets_of(scan);
    std::vector<Row> rows;
    add_running(scan, sockets, rows);
    add_stopped(scan, sockets, rows);
    return rows;
}

}  // namespace

Table container_engine_socket() {
    return make_table<Row>(TableSpec<Row>{
        .name = "container_engine_socket",
        .help = "mounts through which containers reach the control socket of the engine or of containerd",
        .columns = joined(container_columns<Row>(),
                          {{"socket", Type::text, "the socket, as a path of the host", of(&Row::socket)},
                           {"api", Type::text, "docker, containerd", of(&Row::api)},
                           {"mount_point", Type::text, "path of the mount in the container", of(&Row::mount_point)},
                           {"mount_root", Type::text, "what of the filesystem is mounted", of(&Row::mount_root)},
                           {"path", Type::text, "path of the socket in the container", of(&Row::path)},
                           {"is_read_only", Type::boolean, "the mount is read-only; requests pass all the same", of(&Row::is_read_only)},
                           {"is_direct", Type::boolean, "the socket itself is mounted, not a folder above it", of(&Row::is_direct)},
                           {"is_hidden", Type::boolean, "another mount lies on top", of(&Row::is_hidden)},
                           {"layer", Type::text, "observed: the kernel's mounts; configured: what a container that does not run will get", of(&Row::layer)},
                           {"locator", Type::text, std::string(locator_help), of(&Row::locator)}}),
        .keys = {"container_id", "container_name"},
        .examples = {"select container_name, path, is_read_only from container_engine_socket"},
        .rows = read});
}

}  // namespace bulkhead::tables
