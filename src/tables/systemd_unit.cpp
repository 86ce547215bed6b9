// SPDX-License-Identifier: Apache-2.0
// systemd_unit: the files of the units that start the engine: docker.service, docker.socket, containerd.service, and their drop-ins.
#include <algorithm>

#include "host/systemd_units.h"

#include "tables/host_rows.h"

namespace bulkhead::tables {

namespace {

using Row = host::UnitFile;

template <class Member>
auto stat(Member host::FileStat::* member) {
    return [member](const Row& row) { return cell(row.stat.*member); };
}

std::vector<Row> read(Scan& scan) {
    std::vector<Row> rows;
    for (const char* unit : {"docker.service", "docker.socket", "containerd.service"}) {
        auto found = host::systemd_unit_files(scan.facts().host, unit);
        report(scan, found.problems);
        std::ranges::move(found.items, std::back_inserter(rows));
        if (!scan.facts().host.engine_pid()) break;
    }
    return rows;
}

}  // namespace

Table systemd_unit() {
    return make_table<Row>(TableSpec<Row>{.name = "systemd_unit",
                                          .help = "files of the systemd units of the engine, as systemd would find them",
                                          .columns = {{"unit", Type::text, "docker.service, docker.socket, containerd.service", of(&Row::unit)},
                                                      {"path", Type::text, "in the engine's root", of(&Row::path)},
                                                      {"drop_in", Type::boolean, "adds to the unit", of(&Row::is_drop_in)},
                                                      {"masked", Type::boolean, "leads to /dev/null: the unit cannot start", of(&Row::is_masked)},
                                                      {"mode", Type::text, "permissions, octal", [](const Row& row) { return cell(row.stat.mode_text()); }},
                                                      {"mode_number", Type::integer, "permissions as a number", stat(&host::FileStat::mode)},
                                                      {"uid", Type::integer, "owner", stat(&host::FileStat::uid)},
                                                      {"gid", Type::integer, "group", stat(&host::FileStat::gid)},
                                                      {"locator", Type::text, std::string(locator_help), of(&Row::locator)}},
                                          .examples = {"select unit, path, mode, uid from systemd_unit where drop_in"},
                                          .rows = read});
}

}  // namespace bulkhead::tables
