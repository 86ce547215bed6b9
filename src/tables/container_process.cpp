// SPDX-License-Identifier: Apache-2.0
// container_process: every live process of the running containers, as the kernel has it. Nothing is executed in a container.
#include "base/text.h"
#include "host/capability.h"
#include "tables/host_rows.h"

namespace bulkhead::tables {

namespace {

struct Row {
    host::ContainerRef container;
    host::Process process;
    UnixMs as_of = 0;
};
using Columns = std::vector<Column<Row>>;

std::string capabilities_json(const host::ProcStatus& status) {
    const auto list = [](std::uint64_t mask) { return engine::array_text(host::capability_names(mask)); };
    return R"({"effective":)" + list(status.cap_effective) + R"(,"permitted":)" + list(status.cap_permitted) + R"(,"bounding":)" + list(status.cap_bounding) +
           R"(,"ambient":)" + list(status.cap_ambient) + R"(,"inheritable":)" + list(status.cap_inheritable) + "}";
}

Cell inside(const Row& row, std::int64_t uid) { return row.process.uid_map ? cell(row.process.uid_map->inside(uid)) : Cell{}; }

std::int64_t container_pid(const Row& row) { return row.process.status.ns_pids.empty() ? row.process.pid : row.process.status.ns_pids.back(); }

template <class Member>
auto status(Member host::ProcStatus::* member) {
    return [member](const Row& row) { return cell(row.process.status.*member); };
}

Columns identity_columns() {
    return {
        {"pid", Type::integer, "number on the host", [](const Row& row) { return cell(row.process.pid); }},
        {"container_pid", Type::integer, "number in its own pid namespace", [](const Row& row) { return cell(container_pid(row)); }},
        {"ppid", Type::integer, "parent, on the host", status(&host::ProcStatus::ppid)},
        {"name", Type::text, "name the kernel keeps, 15 bytes; the process may change it", status(&host::ProcStatus::name)},
        {"cmdline", Type::text, "arguments, joined by blanks", [](const Row& row) { return cell(text::join(row.process.cmdline, " ")); }},
        {"exe", Type::text, "program file, as a path in the container; null: may not be read", [](const Row& row) { return cell(row.process.exe); }},
        {"is_main", Type::boolean, "is the container's first process", [](const Row& row) { return cell(row.process.is_main); }},
        {"state", Type::text, "R, S, D, T, ... as in ps", status(&host::ProcStatus::state)},
    };
}

Columns user_columns() {
    return {
        {"uid", Type::integer, "real user id on the host", status(&host::ProcStatus::uid)},
        {"euid", Type::integer, "effective user id on the host", status(&host::ProcStatus::euid)},
        {"gid", Type::integer, "real group id on the host", status(&host::ProcStatus::gid)},
        {"egid", Type::integer, "effective group id on the host", status(&host::ProcStatus::egid)},
        {"container_uid", Type::integer, "real user id in the container (uid_map); null: has no name there",
         [](const Row& row) { return inside(row, row.process.status.uid); }},
        {"container_euid", Type::integer, "effective user id in the container (uid_map); null: has no name there",
         [](const Row& row) { return inside(row, row.process.status.euid); }},
        {"uid_map", Type::text, "as the kernel writes it: id inside, id outside, count", [](const Row& row) { return cell(row.process.uid_map_text); }},
        {"is_identity_map", Type::boolean, "ids inside are the host's own: no user namespace",
         [](const Row& row) { return row.process.uid_map ? cell(row.process.uid_map->is_identity()) : Cell{}; }},
    };
}

Columns confinement_columns() {
    return {
        {"capabilities", Type::json, "object of lists: effective, permitted, bounding, ambient, inheritable",
         [](const Row& row) { return cell(capabilities_json(row.process.status)); }},
        {"no_new_privs", Type::boolean, "cannot gain privileges by execve; null: the kernel does not say", status(&host::ProcStatus::no_new_privs)},
        {"seccomp_mode", Type::integer, "0 off, 1 strict, 2 filter; null: the kernel does not say", status(&host::ProcStatus::seccomp_mode)},
        {"seccomp_filters", Type::integer, "filters in force; null: the kernel does not say", status(&host::ProcStatus::seccomp_filters)},
        {"lsm_label", Type::text, "AppArmor, SELinux or Smack label; null: none labels here", [](const Row& row) { return cell(row.process.lsm_label); }},
    };
}

Columns time_columns() {
    return {
        {"start_time", Type::text, "when it started", [](const Row& row) { return row.process.start_time ? cell(rfc3339(*row.process.start_time)) : Cell{}; }},
        {"start_ms", Type::integer, "when it started, unix milliseconds", [](const Row& row) { return cell(row.process.start_time); }},
        {"age_ms", Type::integer, "how long it has run at the time of the facts",
         [](const Row& row) { return row.process.start_time ? cell(row.as_of - *row.process.start_time) : Cell{}; }},
        {"locator", Type::text, std::string(locator_help), [](const Row& row) { return cell(row.process.locator); }},
    };
}

std::vector<Row> read(Scan& scan) {
    auto& host = scan.facts().host;
    report(scan, host.process_index().problems);
    std::vector<Row> rows;
    if (!host.engine_pid()) return rows;
    const auto refs = running_containers(scan);
    for (host::ContainerProcesses& one : host.container_processes(refs)) {
        report(scan, one.problems);
        for (host::Process& process : one.processes) rows.push_back({one.container, std::move(process), scan.facts().world.as_of()});
    }
    return rows;
}

}  // namespace

Table container_process() {
    return make_table<Row>(TableSpec<Row>{
        .name = "container_process",
        .help = "live processes of running containers, from the host's /proc",
        .columns = joined(joined(container_columns<Row>(), identity_columns()), joined(joined(user_columns(), confinement_columns()), time_columns())),
        .keys = {"container_id", "container_name"},
        .examples = {"select container_name, pid, name, euid, container_euid from container_process where container_euid = 0"},
        .rows = read});
}

}  // namespace bulkhead::tables
