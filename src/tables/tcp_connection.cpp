// SPDX-License-Identifier: Apache-2.0
// tcp_connection: TCP sockets in the engine's network namespace with the kernel's own measure of the round trip.
#include <unordered_map>

#include "base/text.h"
#include "host/engine_processes.h"
#include "host/sockets.h"
#include "tables/host_rows.h"

namespace bulkhead::tables {

namespace {

struct Row {
    host::Socket socket;
    std::optional<std::int64_t> pid;
    std::string process_name;
    std::string locator;
};

template <class Member>
auto socket(Member host::Socket::* member) {
    return [member](const Row& row) { return cell(row.socket.*member); };
}

// Only the engine's own processes are asked what they hold: others on the host are nobody's business here.
std::unordered_map<std::int64_t, const host::EngineProcess*> holders(Scan& scan, const std::vector<host::EngineProcess>& processes) {
    std::unordered_map<std::int64_t, const host::EngineProcess*> held;
    std::vector<world::Request> requests;
    for (const host::EngineProcess& process : processes) requests.push_back(world::socket_inodes_of(process.pid));
    const auto readings = scan.facts().world.read_all(requests);
    for (std::size_t i = 0; i < readings.size(); ++i) {
        if (readings[i]->unreadable()) scan.failed(*readings[i]);
        for (const std::string_view line : text::lines(readings[i]->bytes)) {
            if (const auto inode = text::to_integer(line)) held.emplace(*inode, &processes[i]);
        }
    }
    return held;
}

std::vector<Row> read(Scan& scan) {
    std::string locator;
    const auto parse = [](std::string_view bytes) { return host::parse_inet_sockets(bytes, "tcp"); };
    auto sockets = dump_of_engine<host::Socket>(scan, "sock_tcp", parse, &locator);
    std::vector<Row> rows;
    if (sockets.empty()) return rows;
    const auto processes = host::engine_processes(scan.facts().host);
    report(scan, processes.problems);
    const auto held = holders(scan, processes.items);
    for (host::Socket& one : sockets) {
        const auto holder = held.find(one.inode);
        Row row{std::move(one), {}, {}, locator};
        if (row.socket.inode != 0 && holder != held.end()) {
            row.pid = holder->second->pid;
            row.process_name = holder->second->name;
        }
        rows.push_back(std::move(row));
    }
    return rows;
}

}  // namespace

Table tcp_connection() {
    return make_table<Row>(TableSpec<Row>{
        .name = "tcp_connection",
        .help = "TCP sockets where the engine runs, with round trip times",
        .columns = {{"family", Type::text, "ipv4, ipv6", socket(&host::Socket::family)},
                    {"local_address", Type::text, "own address", [](const Row& row) { return cell(row.socket.local_address.text()); }},
                    {"local_port", Type::integer, "own port", socket(&host::Socket::local_port)},
                    {"remote_address", Type::text, "the other side's address", [](const Row& row) { return cell(row.socket.remote_address.text()); }},
                    {"remote_port", Type::integer, "the other side's port", socket(&host::Socket::remote_port)},
                    {"state", Type::text, "LISTEN, ESTABLISHED, ...", socket(&host::Socket::state)},
                    {"rtt_us", Type::integer, "smoothed round trip time; null: no connection", socket(&host::Socket::rtt_us)},
                    {"rtt_var_us", Type::integer, "its variation", socket(&host::Socket::rtt_var_us)},
                    {"retransmits", Type::integer, "segments sent again since the connection began", socket(&host::Socket::retransmits)},
                    {"uid", Type::integer, "owner", socket(&host::Socket::uid)},
                    {"inode", Type::integer, "number of the socket", socket(&host::Socket::inode)},
                    {"pid", Type::integer, "process of the engine that holds it; null: another's", of(&Row::pid)},
                    {"process_name", Type::text, "its name", [](const Row& row) { return text_or_null(row.process_name); }},
                    {"locator", Type::text, std::string(locator_help), of(&Row::locator)}},
        .examples = {"select remote_address, remote_port, rtt_us from tcp_connection where state = 'ESTABLISHED'"},
        .rows = read});
}

}  // namespace bulkhead::tables
