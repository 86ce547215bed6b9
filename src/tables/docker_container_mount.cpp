// SPDX-License-Identifier: Apache-2.0
// docker_container_mount: what is mounted into containers by the engine's word (the kernel's is container_mount).
#include "tables/docker_rows.h"

namespace bulkhead::tables {

using engine::Container;
using engine::Mount;
using MountRow = PartRow<Container, Mount>;

Table docker_container_mount() {
    return make_table<MountRow>({
        .name = "docker_container_mount",
        .help = "Mounts of containers as configured: binds, volumes and tmpfs.",
        .columns =
            {
                {"container_id", Type::text, "container", [](const MountRow& row) { return cell(row.whole->id); }},
                {"container_name", Type::text, "its name", [](const MountRow& row) { return cell(row.whole->name); }},
                {"type", Type::text, "bind, volume, tmpfs, npipe, cluster", of_part<Container>(&Mount::type)},
                {"name", Type::text, "of the volume", of_part<Container>(&Mount::name)},
                {"source", Type::text, "path on the host", of_part<Container>(&Mount::source)},
                {"destination", Type::text, "path in the container", of_part<Container>(&Mount::destination)},
                {"driver", Type::text, "of the volume", of_part<Container>(&Mount::driver)},
                {"mode", Type::text, "options", of_part<Container>(&Mount::mode)},
                {"rw", Type::boolean, "writable", of_part<Container>(&Mount::rw)},
                {"propagation", Type::text, "rprivate, rshared, rslave, shared, ...", of_part<Container>(&Mount::propagation)},
                {"locator", Type::text, std::string(locator_help), [](const MountRow& row) { return cell(row.whole->locator()); }},
            },
        .keys = {"container_id"},
        .examples = {"select container_name, source, destination from docker_container_mount where type = 'bind' and rw"},
        .rows =
            [](Scan& scan) {
                std::vector<MountRow> rows;
                for (const Container& container : containers_wanted(scan, "container_id")) {
                    for (const Mount& mount : container.mounts) rows.push_back({&container, &mount});
                }
                return rows;
            },
    });
}

}  // namespace bulkhead::tables
