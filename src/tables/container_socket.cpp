// SPDX-License-Identifier: Apache-2.0
// container_socket: listening and connected sockets in the network namespaces of running containers, by sock_diag.
#include "host/container_sockets.h"
#include "tables/host_rows.h"

namespace bulkhead::tables {

namespace {

using Row = host::ContainerSocket;

template <class Member>
auto socket(Member host::Socket::* member) {
    return [member](const Row& row) { return cell(row.socket.*member); };
}

std::vector<Row> read(Scan& scan) {
    auto& host = scan.facts().host;
    report(scan, host.process_index().problems);
    if (!host.engine_pid()) return {};
    auto found = host::container_sockets(host, running_containers(scan));
    report(scan, found.problems);
    return std::move(found.items);
}

}  // namespace

Table container_socket() {
    return make_table<Row>(TableSpec<Row>{
        .name = "container_socket",
        .help = "sockets in the network namespaces of running containers; on the host's network only those their processes hold",
        .columns = joined(
            container_columns<Row>(),
            {{"protocol", Type::text, "tcp, udp", socket(&host::Socket::protocol)},
             {"family", Type::text, "ipv4, ipv6", socket(&host::Socket::family)},
             {"local_address", Type::text, "own address; 0.0.0.0 or :: is every one", [](const Row& row) { return cell(row.socket.local_address.text()); }},
             {"local_port", Type::integer, "own port", socket(&host::Socket::local_port)},
             {"remote_address", Type::text, "the other side's address", [](const Row& row) { return cell(row.socket.remote_address.text()); }},
             {"remote_port", Type::integer, "the other side's port; 0: none", socket(&host::Socket::remote_port)},
             {"state", Type::text, "LISTEN, ESTABLISHED, ...; UNCONNECTED for UDP that takes datagrams from anyone", socket(&host::Socket::state)},
             {"listening", Type::boolean, "takes connections or datagrams from whoever reaches the port",
              [](const Row& row) { return cell(row.socket.is_listening()); }},
             {"v6only", Type::boolean, "of a listener on IPv6: does not take IPv4", socket(&host::Socket::v6only)},
             {"uid", Type::integer, "owner on the host", socket(&host::Socket::uid)},
             {"inode", Type::integer, "number of the socket; 0: no process holds it", socket(&host::Socket::inode)},
             {"pid", Type::integer, "process that holds it, on the host; null: none of the container's or the engine's", of(&Row::pid)},
             {"process_name", Type::text, "its name", [](const Row& row) { return text_or_null(row.process_name); }},
             {"exe", Type::text, "its program file", [](const Row& row) { return text_or_null(row.exe); }},
             {"shared_with", Type::json, "other containers in the same namespace, 'host' for the host itself", of(&Row::shared_with)},
             {"locator", Type::text, std::string(locator_help), of(&Row::locator)}}),
        .keys = {"container_id", "container_name"},
        .examples = {"select container_name, local_address, local_port, process_name from container_socket where listening"},
        .rows = read});
}

}  // namespace bulkhead::tables
