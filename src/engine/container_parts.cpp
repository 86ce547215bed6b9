// SPDX-License-Identifier: Apache-2.0
#include "engine/container_parts.h"

#include <algorithm>

#include "base/text.h"

namespace bulkhead::engine {

namespace {

// "80/tcp" as the engine keys its port maps (go-connections nat.Port); without protocol it is tcp.
Port port_of(const std::string& key) {
    Port port;
    const auto slash = key.find('/');
    port.container_port = text::to_integer(std::string_view(key).substr(0, slash)).value_or(0);
    port.protocol = slash == std::string::npos ? "tcp" : key.substr(slash + 1);
    return port;
}

// One row per binding; a key whose value is null or empty is exposed and bound nowhere.
void add_ports(const json::Value& map, std::vector<Port>& ports) {
    for (const auto& [key, bindings] : map.members()) {
        const Port bare = port_of(key);
        bool bound = false;
        for (const json::Value& binding : bindings.items()) {
            Port port = bare;
            port.host_ip = binding["HostIp"].text_or();
            port.host_port = binding["HostPort"].text_or();
            port.published = true;
            ports.push_back(std::move(port));
            bound = true;
        }
        if (!bound) ports.push_back(bare);
    }
}

bool has_option(std::string_view options, std::string_view wanted) {
    const auto parts = text::split(options, ',');
    return std::ranges::find(parts, wanted) != parts.end();
}

}  // namespace

std::vector<EnvVariable> read_env(const json::Value& array) {
    std::vector<EnvVariable> variables;
    for (std::string& entry : array.texts()) {
        const auto equals = entry.find('=');
        if (equals == std::string::npos) {
            variables.push_back({std::move(entry), std::nullopt});
        } else {
            variables.push_back({entry.substr(0, equals), entry.substr(equals + 1)});
        }
    }
    return variables;
}

std::vector<Port> read_declared_ports(const json::Value& root) {
    std::vector<Port> ports;
    add_ports(root["HostConfig"]["PortBindings"], ports);
    // A declared port without bindings is published on a port of the engine's choice (docker run -p 80).
    for (Port& port : ports) port.published = true;
    const std::size_t bound = ports.size();
    const bool publish_all = root["HostConfig"]["PublishAllPorts"].boolean_or(false);
    for (const auto& [key, unused] : root["Config"]["ExposedPorts"].members()) {
        Port port = port_of(key);
        const auto same = [&port](const Port& other) { return other.container_port == port.container_port && other.protocol == port.protocol; };
        if (std::any_of(ports.begin(), ports.begin() + static_cast<std::ptrdiff_t>(bound), same)) continue;
        port.published = publish_all;
        ports.push_back(std::move(port));
    }
    return ports;
}

std::vector<Port> read_configured_ports(const json::Value& root) {
    std::vector<Port> ports;
    add_ports(root["NetworkSettings"]["Ports"], ports);
    return ports;
}

std::vector<Mount> read_mounts(const json::Value& root) {
    std::vector<Mount> mounts;
    for (const json::Value& item : root["Mounts"].items()) {
        mounts.push_back({.type = item["Type"].text_or(),
                          .name = item["Name"].text_or(),
                          .source = item["Source"].text_or(),
                          .destination = item["Destination"].text_or(),
                          .driver = item["Driver"].text_or(),
                          .mode = item["Mode"].text_or(),
                          .propagation = item["Propagation"].text_or(),
                          .rw = item["RW"].boolean_or(true)});
    }
    // `docker run --tmpfs` is kept in HostConfig only; `--mount type=tmpfs` is in Mounts.
    for (const auto& [path, options] : text_map(root["HostConfig"]["Tmpfs"])) {
        mounts.push_back({.type = "tmpfs", .destination = path, .mode = options, .rw = !has_option(options, "ro")});
    }
    return mounts;
}

std::vector<Endpoint> read_endpoints(const json::Value& networks) {
    std::vector<Endpoint> endpoints;
    for (const auto& [name, item] : networks.members()) {
        endpoints.push_back({.network_name = name,
                             .network_id = item["NetworkID"].text_or(),
                             .endpoint_id = item["EndpointID"].text_or(),
                             .gateway = item["Gateway"].text_or(),
                             .ip_address = item["IPAddress"].text_or(),
                             .ip_prefix_len = item["IPPrefixLen"].integer_or(0),
                             .ipv6_gateway = item["IPv6Gateway"].text_or(),
                             .ipv6_address = item["GlobalIPv6Address"].text_or(),
                             .ipv6_prefix_len = item["GlobalIPv6PrefixLen"].integer_or(0),
                             .mac_address = item["MacAddress"].text_or(),
                             .aliases = item["Aliases"].texts(),
                             .driver_opts = text_map(item["DriverOpts"])});
    }
    return endpoints;
}

}  // namespace bulkhead::engine
