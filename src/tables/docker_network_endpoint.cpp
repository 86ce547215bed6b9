// SPDX-License-Identifier: Apache-2.0
// docker_network_endpoint: who is attached to a network on this node, from the network's side.
#include "tables/docker_rows.h"

namespace bulkhead::tables {

using engine::Network;
using engine::NetworkEndpoint;
using NetworkEndpointRow = PartRow<Network, NetworkEndpoint>;

Table docker_network_endpoint() {
    return make_table<NetworkEndpointRow>({
        .name = "docker_network_endpoint",
        .help = "Endpoints of networks on this node, as the networks are inspected.",
        .columns =
            {
                {"network_id", Type::text, "network", [](const NetworkEndpointRow& row) { return cell(row.whole->id); }},
                {"network_name", Type::text, "its name", [](const NetworkEndpointRow& row) { return cell(row.whole->name); }},
                {"container_id", Type::text, "container, or a name of the engine's own (lb-..., ep-...)", of_part<Network>(&NetworkEndpoint::container_id)},
                {"container_name", Type::text, "its name", of_part<Network>(&NetworkEndpoint::container_name)},
                {"endpoint_id", Type::text, "endpoint", of_part<Network>(&NetworkEndpoint::endpoint_id)},
                {"ipv4_address", Type::text, "with prefix length", of_part<Network>(&NetworkEndpoint::ipv4_address)},
                {"ipv6_address", Type::text, "with prefix length", of_part<Network>(&NetworkEndpoint::ipv6_address)},
                {"mac_address", Type::text, "MAC address", of_part<Network>(&NetworkEndpoint::mac_address)},
                {"locator", Type::text, std::string(locator_help), [](const NetworkEndpointRow& row) { return cell(row.whole->locator()); }},
            },
        .keys = {"network_id", "network_name"},
        .examples = {"select network_name, count(*) from docker_network_endpoint group by 1"},
        .rows =
            [](Scan& scan) {
                std::vector<NetworkEndpointRow> rows;
                for (const Network& network : networks_wanted(scan, "network_id", "network_name")) {
                    for (const NetworkEndpoint& endpoint : network.endpoints) rows.push_back({&network, &endpoint});
                }
                return rows;
            },
    });
}

}  // namespace bulkhead::tables
