// SPDX-License-Identifier: Apache-2.0
// A network as the engine tells it: GET /networks (without endpoints) and GET /networks/ID. Values; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/fields.h"
#include "world/reading.h"

namespace bulkhead::engine {

struct NetworkEndpoint {
    std::string container_id;  // "lb-NAME" or "ep-..." for endpoints that are no container's
    std::string container_name;
    std::string endpoint_id;
    std::string ipv4_address;  // with prefix length
    std::string ipv6_address;
    std::string mac_address;
};

struct Network {
    std::string id;
    std::string name;
    std::string created;
    std::string scope;  // local, swarm, global
    std::string driver;
    bool enable_ipv6 = false;
    bool internal = false;
    bool attachable = false;
    bool ingress = false;
    bool config_only = false;
    std::string config_from;
    TextMap options;
    TextMap labels;
    std::vector<std::string> subnets;
    std::vector<std::string> gateways;
    std::string ipam;                        // JSON
    std::string peers;                       // JSON
    std::string services;                    // JSON
    std::vector<NetworkEndpoint> endpoints;  // only from an inspect

    world::ReadingPtr source;  // the inspect's bytes; set by Engine

    [[nodiscard]] std::string locator() const { return source ? source->locator : std::string(); }
    // The Linux interface of a bridge network: its option, else "br-" and 12 digits of the id (libnetwork drivers/bridge).
    [[nodiscard]] std::optional<std::string> bridge_name() const;
    // Whether the bridge driver lets its containers talk to each other; nothing for other drivers.
    [[nodiscard]] std::optional<bool> icc() const;
    [[nodiscard]] bool is_default_bridge() const;
    // Overlay networks: the option's presence encrypts, whatever its value (libnetwork drivers/overlay); "false" is taken at its word.
    [[nodiscard]] std::optional<bool> encrypted() const;
    [[nodiscard]] std::optional<std::string> vni() const;
};

Result<std::vector<Network>> parse_network_list(std::string_view bytes);
Result<Network> parse_network(std::string_view bytes);

}  // namespace bulkhead::engine
