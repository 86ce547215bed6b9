// SPDX-License-Identifier: Apache-2.0
// docker_container_port: ports a container exposes or publishes, as declared (HostConfig) and as configured (NetworkSettings).
#include <fmt/format.h>

#include "base/text.h"
#include "tables/docker_rows.h"

namespace bulkhead::tables {

using engine::Container;
using engine::Port;

namespace {

struct PortRow {
    const Container* container = nullptr;
    const Port* port = nullptr;
    std::string_view layer;
};

// "web:0.0.0.0:8080->80/tcp"; only exposed: "web:80/tcp".
std::string resource(const PortRow& row) {
    const Port& port = *row.port;
    const std::string inside = fmt::format("{}/{}", port.container_port, port.protocol);
    if (!port.published) return fmt::format("{}:{}", row.container->name, inside);
    const bool v6 = port.host_ip.find(':') != std::string::npos;
    return fmt::format("{}:{}{}{}:{}->{}", row.container->name, v6 ? "[" : "", port.host_ip, v6 ? "]" : "", port.host_port, inside);
}

// A number; a range as the text it is; null where the engine is to choose.
Cell host_port(const Port& port) {
    if (const auto number = text::to_integer(port.host_port)) return cell(*number);
    return text_or_null(port.host_port);
}

template <class Member>
auto port_field(Member Port::* member) {
    return [member](const PortRow& row) { return cell(row.port->*member); };
}

}  // namespace

Table docker_container_port() {
    return make_table<PortRow>({
        .name = "docker_container_port",
        .help = "Ports of containers. layer declared: what was asked for; configured: what the engine bound, empty while not running.",
        .columns =
            {
                {"container_id", Type::text, "container", [](const PortRow& row) { return cell(row.container->id); }},
                {"container_name", Type::text, "its name", [](const PortRow& row) { return cell(row.container->name); }},
                {"type", Type::text, "tcp, udp or sctp", port_field(&Port::protocol)},
                {"protocol", Type::text, "the same as type", port_field(&Port::protocol)},
                {"port", Type::integer, "port in the container", port_field(&Port::container_port)},
                {"container_port", Type::integer, "the same as port", port_field(&Port::container_port)},
                {"host_ip", Type::text, "address on the host; null or empty in layer declared: every address",
                 [](const PortRow& row) { return row.port->published ? cell(row.port->host_ip) : Cell{}; }},
                {"host_port", Type::integer, "port on the host; null: none, or the engine's choice", [](const PortRow& row) { return host_port(*row.port); }},
                {"published", Type::boolean, "bound on the host, not only exposed", port_field(&Port::published)},
                {"layer", Type::text, "declared or configured", [](const PortRow& row) { return cell(row.layer); }},
                {"resource", Type::text, "name:hostip:hostport->port/proto", [](const PortRow& row) { return cell(resource(row)); }},
                {"locator", Type::text, std::string(locator_help), [](const PortRow& row) { return cell(row.container->locator()); }},
            },
        .keys = {"container_id"},
        .examples = {"select resource from docker_container_port where published and layer = 'configured'"},
        .rows =
            [](Scan& scan) {
                std::vector<PortRow> rows;
                for (const Container& container : containers_wanted(scan, "container_id")) {
                    for (const Port& port : container.declared_ports) rows.push_back({&container, &port, "declared"});
                    for (const Port& port : container.configured_ports) rows.push_back({&container, &port, "configured"});
                }
                return rows;
            },
    });
}

}  // namespace bulkhead::tables
