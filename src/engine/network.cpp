// SPDX-License-Identifier: Apache-2.0
#include "engine/network.h"

namespace bulkhead::engine {

namespace {

// strconv.ParseBool, which the drivers use for their options.
std::optional<bool> go_bool(std::string_view text) {
    for (const auto* yes : {"1", "t", "T", "true", "TRUE", "True"}) {
        if (text == yes) return true;
    }
    for (const auto* no : {"0", "f", "F", "false", "FALSE", "False"}) {
        if (text == no) return false;
    }
    return std::nullopt;
}

std::optional<std::string> find(const TextMap& map, const std::string& key) {
    const auto found = map.find(key);
    if (found == map.end()) return std::nullopt;
    return found->second;
}

Result<Network> network_from(const json::Value& item) {
    auto id = identity(item);
    if (!id) return std::unexpected(id.error());
    Network network;
    network.id = std::move(*id);
    network.name = item["Name"].text_or();
    network.created = item["Created"].text_or();
    network.scope = item["Scope"].text_or();
    network.driver = item["Driver"].text_or();
    network.enable_ipv6 = item["EnableIPv6"].boolean_or(false);
    network.internal = item["Internal"].boolean_or(false);
    network.attachable = item["Attachable"].boolean_or(false);
    network.ingress = item["Ingress"].boolean_or(false);
    network.config_only = item["ConfigOnly"].boolean_or(false);
    network.config_from = item["ConfigFrom"]["Network"].text_or();
    network.options = text_map(item["Options"]);
    network.labels = text_map(item["Labels"]);
    network.ipam = item["IPAM"].dump();
    network.peers = item["Peers"].dump();
    network.services = item["Services"].dump();
    for (const json::Value& config : item["IPAM"]["Config"].items()) {
        if (auto subnet = config["Subnet"].text(); subnet && !subnet->empty()) network.subnets.push_back(std::move(*subnet));
        if (auto gateway = config["Gateway"].text(); gateway && !gateway->empty()) network.gateways.push_back(std::move(*gateway));
    }
    for (const auto& [container, endpoint] : item["Containers"].members()) {
        network.endpoints.push_back({.container_id = container,
                                     .container_name = endpoint["Name"].text_or(),
                                     .endpoint_id = endpoint["EndpointID"].text_or(),
                                     .ipv4_address = endpoint["IPv4Address"].text_or(),
                                     .ipv6_address = endpoint["IPv6Address"].text_or(),
                                     .mac_address = endpoint["MacAddress"].text_or()});
    }
    return network;
}

}  // namespace

std::optional<std::string> Network::bridge_name() const {
    if (driver != "bridge") return std::nullopt;
    if (auto named = find(options, "com.docker.network.bridge.name"); named && !named->empty()) return named;
    return "br-" + id.substr(0, 12);
}

std::optional<bool> Network::icc() const {
    if (driver != "bridge") return std::nullopt;
    const auto option = find(options, "com.docker.network.bridge.enable_icc");
    return option ? go_bool(*option).value_or(true) : true;
}

bool Network::is_default_bridge() const {
    if (driver != "bridge") return false;
    const auto option = find(options, "com.docker.network.bridge.default_bridge");
    return option ? go_bool(*option).value_or(false) : name == "bridge";
}

std::optional<bool> Network::encrypted() const {
    if (driver != "overlay") return std::nullopt;
    const auto option = find(options, "encrypted");
    return option && *option != "false";
}

std::optional<std::string> Network::vni() const { return find(options, "com.docker.network.driver.overlay.vxlanid_list"); }

Result<std::vector<Network>> parse_network_list(std::string_view bytes) { return parse_list<Network>(bytes, network_from); }

Result<Network> parse_network(std::string_view bytes) {
    const auto document = parse_object(bytes);
    if (!document) return std::unexpected(document.error());
    return network_from(document->root());
}

}  // namespace bulkhead::engine
