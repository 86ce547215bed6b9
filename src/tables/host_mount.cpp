// SPDX-License-Identifier: Apache-2.0
// host_mount: what is mounted where as the engine's process sees it.
#include <map>

#include "base/text.h"
#include "host/mountinfo.h"
#include "tables/host_rows.h"

namespace bulkhead::tables {

namespace {

struct Row {
    host::Mount mount;
    std::optional<std::string> parent_device;
    std::string locator;
};

template <class Member>
auto mount(Member host::Mount::* member) {
    return [member](const Row& row) { return cell(row.mount.*member); };
}

std::vector<Row> read(Scan& scan) {
    auto& facts = scan.facts();
    if (!facts.host.engine_pid()) {
        report(scan, {facts.host.engine_problem()});
        return {};
    }
    const auto reading = facts.world.read(world::file_at("/proc/" + std::to_string(*facts.host.engine_pid()) + "/mountinfo"));
    std::vector<host::Problem> problems;
    auto mounts = host::parsed<std::vector<host::Mount>>(*reading, host::parse_mountinfo, problems, host::Absent::is_a_problem);
    report(scan, problems);
    std::vector<Row> rows;
    if (!mounts) return rows;
    std::map<std::int64_t, std::string> device_of;
    for (const host::Mount& one : *mounts) device_of[one.id] = one.device;
    for (host::Mount& one : *mounts) {
        const auto parent = device_of.find(one.parent_id);
        const auto device = parent == device_of.end() || one.id == one.parent_id ? std::nullopt : std::optional(parent->second);
        rows.push_back({std::move(one), device, reading->locator});
    }
    return rows;
}

}  // namespace

Table host_mount() {
    return make_table<Row>(
        TableSpec<Row>{.name = "host_mount",
                       .help = "mounts that the engine's process sees",
                       .columns = {{"mount_point", Type::text, "where", mount(&host::Mount::mount_point)},
                                   {"device", Type::text, "filesystem, major:minor", mount(&host::Mount::device)},
                                   {"parent_device", Type::text, "filesystem that it lies on; null: the root", of(&Row::parent_device)},
                                   {"fs_type", Type::text, "ext4, overlay, tmpfs, ...", mount(&host::Mount::fs_type)},
                                   {"source", Type::text, "device or what the filesystem calls itself", mount(&host::Mount::source)},
                                   {"root", Type::text, "folder of the filesystem that is mounted", mount(&host::Mount::root)},
                                   {"read_only", Type::boolean, "nothing can be written", [](const Row& row) { return cell(row.mount.is_read_only()); }},
                                   {"options", Type::text, "of the mount", [](const Row& row) { return cell(text::join(row.mount.options.items(), ",")); }},
                                   {"locator", Type::text, std::string(locator_help), of(&Row::locator)}},
                       .examples = {"select mount_point, fs_type, source from host_mount where fs_type not in ('proc', 'sysfs', 'cgroup2')"},
                       .rows = read});
}

}  // namespace bulkhead::tables
