// SPDX-License-Identifier: Apache-2.0
// docker_network: networks as the engine inspects them. Reads no container.
#include "tables/docker_rows.h"

namespace bulkhead::tables {

using engine::Network;

namespace {

std::vector<Column<Network>> identity_columns() {
    return {
        {"id", Type::text, "full id", of(&Network::id)},
        {"name", Type::text, "name; several networks may have one", of(&Network::name)},
        {"network_id", Type::text, "the same as id, for joins", of(&Network::id)},
        {"created", Type::text, "when it was created", of(&Network::created)},
        {"scope", Type::text, "local, swarm, global", of(&Network::scope)},
        {"driver", Type::text, "bridge, overlay, macvlan, ipvlan, host, null, ...", of(&Network::driver)},
        {"enable_ipv6", Type::boolean, "has IPv6", of(&Network::enable_ipv6)},
        {"internal", Type::boolean, "no way out", of(&Network::internal)},
        {"attachable", Type::boolean, "swarm: single containers may join", of(&Network::attachable)},
        {"ingress", Type::boolean, "the swarm's routing mesh", of(&Network::ingress)},
        {"config_only", Type::boolean, "only settings for others", of(&Network::config_only)},
        {"config_from", Type::text, "network whose settings it takes", of(&Network::config_from)},
        {"options", Type::json, "options of the driver", of(&Network::options)},
        {"labels", Type::json, "labels", of(&Network::labels)},
    };
}

std::vector<Column<Network>> network_columns() {
    return {
        {"ipam", Type::json, "address management", of(&Network::ipam)},
        {"subnets", Type::json, "all prefixes", of(&Network::subnets)},
        {"subnet", Type::text, "the first prefix", [](const Network& row) { return row.subnets.empty() ? Cell{} : cell(row.subnets.front()); }},
        {"gateway", Type::text, "the first gateway the engine tells",
         [](const Network& row) { return row.gateways.empty() ? Cell{} : cell(row.gateways.front()); }},
        {"bridge_name", Type::text, "Linux interface of a bridge network", [](const Network& row) { return cell(row.bridge_name()); }},
        {"icc", Type::boolean, "bridge: its containers may talk to each other, as configured", [](const Network& row) { return cell(row.icc()); }},
        {"is_default_bridge", Type::boolean, "the network of containers that name none", [](const Network& row) { return cell(row.is_default_bridge()); }},
        {"encrypted", Type::boolean, "overlay: asked to be encrypted", [](const Network& row) { return cell(row.encrypted()); }},
        {"vni", Type::text, "overlay: VXLAN network identifier", [](const Network& row) { return cell(row.vni()); }},
        {"endpoints_count", Type::integer, "endpoints on this node", [](const Network& row) { return cell(row.endpoints.size()); }},
        {"containers", Type::json, "endpoints as inspected", [](const Network& row) { return part_of(row.source, "Containers", false); }},
        {"peers", Type::json, "overlay: nodes", of(&Network::peers)},
        {"services", Type::json, "overlay: services, cluster-wide", of(&Network::services)},
        {"locator", Type::text, std::string(locator_help), [](const Network& row) { return cell(row.locator()); }},
    };
}

std::vector<Column<Network>> all_columns() {
    auto all = identity_columns();
    for (auto& column : network_columns()) all.push_back(std::move(column));
    return all;
}

}  // namespace

Table docker_network() {
    return make_table<Network>({
        .name = "docker_network",
        .help = "Networks as the engine inspects them.",
        .columns = all_columns(),
        .keys = {"id", "name"},
        .examples = {"select name, driver, subnet, icc from docker_network", "select name from docker_network where internal"},
        .rows = [](Scan& scan) { return networks_wanted(scan, "id", "name"); },
    });
}

}  // namespace bulkhead::tables
