// SPDX-License-Identifier: Apache-2.0
// container_mount: what is really mounted in each running container, from the mountinfo of its first process.
#include <fmt/format.h>

#include "host/mountinfo.h"
#include "tables/host_rows.h"

namespace bulkhead::tables {

namespace {

struct Row {
    host::ContainerRef container;
    host::Mount mount;
    std::string locator;
};

template <class Member>
auto mount(Member host::Mount::* member) {
    return [member](const Row& row) { return cell(row.mount.*member); };
}

auto options(host::MountOptions host::Mount::* member) {
    return [member](const Row& row) { return cell((row.mount.*member).items()); };
}

std::vector<Row> read(Scan& scan) {
    const auto mains = main_processes(scan);
    std::vector<world::Request> requests;
    for (const MainProcess& main : mains) requests.push_back(world::file_at(fmt::format("/proc/{}/mountinfo", main.pid)));
    const auto readings = scan.facts().world.read_all(requests);
    std::vector<Row> rows;
    for (std::size_t i = 0; i < mains.size(); ++i) {
        std::vector<host::Problem> problems;
        auto mounts = host::parsed<std::vector<host::Mount>>(*readings[i], host::parse_mountinfo, problems, host::Absent::is_nothing, mains[i].container.id);
        report(scan, problems);
        if (!mounts) continue;
        for (host::Mount& one : *mounts) rows.push_back({mains[i].container, std::move(one), readings[i]->locator});
    }
    return rows;
}

}  // namespace

Table container_mount() {
    return make_table<Row>(TableSpec<Row>{
        .name = "container_mount",
        .help = "mounts in running containers, as the kernel has them",
        .columns = joined(container_columns<Row>(),
                          {{"mount_point", Type::text, "path in the container", mount(&host::Mount::mount_point)},
                           {"type", Type::text, "kind of filesystem", mount(&host::Mount::fs_type)},
                           {"source", Type::text, "device or name of the filesystem", mount(&host::Mount::source)},
                           {"root", Type::text, "directory or file of that filesystem that is mounted", mount(&host::Mount::root)},
                           {"device", Type::text, "major:minor number of the filesystem", mount(&host::Mount::device)},
                           {"read_only", Type::boolean, "nothing can be written through it", [](const Row& row) { return cell(row.mount.is_read_only()); }},
                           {"options", Type::json, "of the mount: ro, nosuid, nodev, noexec, ...", options(&host::Mount::options)},
                           {"super_options", Type::json, "of the filesystem", options(&host::Mount::super_options)},
                           {"propagation", Type::json, "shared:N, master:N; empty: private", mount(&host::Mount::propagation)},
                           {"mount_id", Type::integer, "number in the mount namespace", mount(&host::Mount::id)},
                           {"parent_id", Type::integer, "mount it is on", mount(&host::Mount::parent_id)},
                           {"locator", Type::text, std::string(locator_help), of(&Row::locator)}}),
        .keys = {"container_id", "container_name"},
        .examples = {"select container_name from container_mount where mount_point = '/' and not read_only"},
        .rows = read});
}

}  // namespace bulkhead::tables
