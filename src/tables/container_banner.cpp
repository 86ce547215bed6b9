// SPDX-License-Identifier: Apache-2.0
// container_banner: what the TCP servers in containers say by themselves when one connects. Nobody connects without --probe: then the
// rows are there with no banner, which is no failure.
#include "base/text.h"
#include "host/container_sockets.h"
#include "tables/host_rows.h"

namespace bulkhead::tables {

namespace {

constexpr std::size_t banner_bytes_max = 80;  // of the first line; enough to name a server

struct Row {
    host::ContainerRef container;
    std::string address;
    int port = 0;
    std::optional<std::string> banner;
    std::string service;
    std::string locator;
};

// RFC 4253 4.2, RFC 6143 7.1.1, RFC 854 (IAC WILL/WONT/DO/DONT).
std::string service_of(std::string_view banner) {
    if (banner.starts_with("SSH-")) return "SSH";
    if (banner.starts_with("RFB 0")) return "VNC";
    if (banner.size() >= 3 && banner[0] == '\xff' && static_cast<unsigned char>(banner[1]) >= 0xfb && banner[1] != '\xff') return "telnet";
    return {};
}

std::string shown(std::string_view banner) { return text::printable(banner.substr(0, std::min(banner.find_first_of("\r\n"), banner_bytes_max))); }

std::string address_to_ask(const host::Socket& socket) {
    if (!socket.local_address.is_wildcard()) return socket.local_address.text();
    return socket.family == "ipv6" && socket.v6only.value_or(true) ? "::1" : "127.0.0.1";
}

std::vector<Row> read(Scan& scan) {
    auto& host = scan.facts().host;
    report(scan, host.process_index().problems);
    if (!host.engine_pid()) return {};
    const auto containers = running_containers(scan);
    const auto sockets = host::container_sockets(host, containers);
    report(scan, sockets.problems);
    std::vector<Row> rows;
    std::vector<world::Request> requests;
    for (const host::ContainerSocket& one : sockets.items) {
        if (one.socket.state != "LISTEN" || !one.pid || *one.pid == *host.engine_pid()) continue;
        Row row{one.container, address_to_ask(one.socket), one.socket.local_port, {}, {}, {}};
        requests.push_back(world::banner_of(row.address, row.port, *one.pid));
        row.locator = locator(requests.back());
        rows.push_back(std::move(row));
    }
    const auto readings = scan.facts().world.read_all(requests);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (!readings[i]->present()) continue;
        rows[i].banner = shown(readings[i]->bytes);
        rows[i].service = service_of(readings[i]->bytes);
    }
    return rows;
}

}  // namespace

Table container_banner() {
    return make_table<Row>(TableSpec<Row>{
        .name = "container_banner",
        .help = "what TCP servers in running containers say first (only asked with --probe)",
        .columns = joined(container_columns<Row>(),
                          {{"address", Type::text, "address asked", of(&Row::address)},
                           {"port", Type::integer, "port asked", of(&Row::port)},
                           {"asked", Type::boolean, "the server was asked", [](const Row& row) { return cell(row.banner.has_value()); }},
                           {"banner", Type::text, "first line, cut at 80 bytes; empty: waits for the client; null: not asked", of(&Row::banner)},
                           {"service", Type::text, "SSH, VNC or telnet; null: not told", [](const Row& row) { return text_or_null(row.service); }},
                           {"locator", Type::text, std::string(locator_help), of(&Row::locator)}}),
        .keys = {"container_id", "container_name"},
        .examples = {"select container_name, port, banner from container_banner where service = 'SSH'"},
        .rows = read});
}

}  // namespace bulkhead::tables
