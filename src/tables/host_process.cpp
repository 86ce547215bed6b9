// SPDX-License-Identifier: Apache-2.0
// host_process: the processes that make up this engine: dockerd, containerd, shims, and docker-proxy with what each forwards.
#include "base/text.h"
#include "host/engine_processes.h"
#include "tables/host_rows.h"

namespace bulkhead::tables {

namespace {

using Row = host::EngineProcess;

// The kernel cuts names to 15 bytes; the program's own tells the rest (containerd-shim-runc-v2).
Cell name_of(const Row& row) {
    if (row.cmdline.empty()) return cell(row.name);
    const std::string& program = row.cmdline.front();
    const std::string file = program.substr(program.rfind('/') + 1);
    return cell(file.starts_with(row.name) ? file : row.name);
}

template <class Member>
auto proxy(Member host::ProxyArguments::* member) {
    return [member](const Row& row) { return row.proxy ? cell((*row.proxy).*member) : Cell{}; };
}

std::vector<Row> read(Scan& scan) {
    auto found = host::engine_processes(scan.facts().host);
    report(scan, found.problems);
    return std::move(found.items);
}

}  // namespace

Table host_process() {
    return make_table<Row>(TableSpec<Row>{
        .name = "host_process",
        .help = "processes of this engine on the host: dockerd, containerd, containerd-shim, docker-proxy",
        .columns = {{"pid", Type::integer, "number on the host", of(&Row::pid)},
                    {"ppid", Type::integer, "parent", of(&Row::ppid)},
                    {"name", Type::text, "program", name_of},
                    {"uid", Type::integer, "real user id", of(&Row::uid)},
                    {"cmdline", Type::text, "arguments, joined by blanks", [](const Row& row) { return cell(text::join(row.cmdline, " ")); }},
                    {"container_id", Type::text, "of a shim: the container it holds", [](const Row& row) { return text_or_null(row.container_id); }},
                    {"protocol", Type::text, "of a docker-proxy: tcp, udp, sctp", proxy(&host::ProxyArguments::protocol)},
                    {"host_ip", Type::text, "of a docker-proxy: address it listens on", proxy(&host::ProxyArguments::host_ip)},
                    {"host_port", Type::integer, "of a docker-proxy: port it listens on", proxy(&host::ProxyArguments::host_port)},
                    {"container_ip", Type::text, "of a docker-proxy: address it forwards to", proxy(&host::ProxyArguments::container_ip)},
                    {"container_port", Type::integer, "of a docker-proxy: port it forwards to", proxy(&host::ProxyArguments::container_port)},
                    {"locator", Type::text, std::string(locator_help), of(&Row::locator)}},
        .examples = {"select host_ip, host_port, container_ip, container_port from host_process where name = 'docker-proxy'"},
        .rows = read});
}

}  // namespace bulkhead::tables
