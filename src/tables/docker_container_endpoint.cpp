// SPDX-License-Identifier: Apache-2.0
// docker_container_endpoint: a container's attachments to networks, from the container's side.
#include "tables/docker_rows.h"

namespace bulkhead::tables {

using engine::Container;
using engine::Endpoint;
using EndpointRow = PartRow<Container, Endpoint>;

Table docker_container_endpoint() {
    return make_table<EndpointRow>({
        .name = "docker_container_endpoint",
        .help = "Attachments of containers to networks, as the containers are inspected.",
        .columns =
            {
                {"container_id", Type::text, "container", [](const EndpointRow& row) { return cell(row.whole->id); }},
                {"container_name", Type::text, "its name", [](const EndpointRow& row) { return cell(row.whole->name); }},
                {"network_id", Type::text, "network; empty before the first start", of_part<Container>(&Endpoint::network_id)},
                {"network_name", Type::text, "its name", of_part<Container>(&Endpoint::network_name)},
                {"endpoint_id", Type::text, "empty while it is not running", of_part<Container>(&Endpoint::endpoint_id)},
                {"gateway", Type::text, "IPv4 gateway", of_part<Container>(&Endpoint::gateway)},
                {"ip_address", Type::text, "IPv4 address", of_part<Container>(&Endpoint::ip_address)},
                {"ip_prefix_len", Type::integer, "IPv4 prefix length", of_part<Container>(&Endpoint::ip_prefix_len)},
                {"ipv6_gateway", Type::text, "IPv6 gateway", of_part<Container>(&Endpoint::ipv6_gateway)},
                {"ipv6_address", Type::text, "global IPv6 address", of_part<Container>(&Endpoint::ipv6_address)},
                {"ipv6_prefix_len", Type::integer, "IPv6 prefix length", of_part<Container>(&Endpoint::ipv6_prefix_len)},
                {"mac_address", Type::text, "MAC address", of_part<Container>(&Endpoint::mac_address)},
                {"aliases", Type::json, "further names on the network", of_part<Container>(&Endpoint::aliases)},
                {"driver_opts", Type::json, "options of the driver", of_part<Container>(&Endpoint::driver_opts)},
                {"locator", Type::text, std::string(locator_help), [](const EndpointRow& row) { return cell(row.whole->locator()); }},
            },
        .keys = {"container_id"},
        .examples = {"select container_name, network_name, ip_address from docker_container_endpoint"},
        .rows =
            [](Scan& scan) {
                std::vector<EndpointRow> rows;
                for (const Container& container : containers_wanted(scan, "container_id")) {
                    for (const Endpoint& endpoint : container.endpoints) rows.push_back({&container, &endpoint});
                }
                return rows;
            },
    });
}

}  // namespace bulkhead::tables
