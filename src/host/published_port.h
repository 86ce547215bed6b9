// SPDX-License-Identifier: Apache-2.0
// The loaded rules that send a port of the host to a container: DNAT of iptables and of nft. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "host/firewall.h"

namespace bulkhead::host {

struct PublishedPort {
    FirewallRule rule;
    std::string protocol = {};          // empty: any
    std::string host_ip = {};           // the destination the rule asks for; empty: any address of the host
    std::string host_ports = {};        // as written: "8080", "8000:8010"; empty: any
    std::optional<int> host_port = {};  // where it is one port
    std::string container_ip = {};      // empty where the rule's target could not be read
    std::optional<int> container_port = {};
};

std::vector<PublishedPort> published_ports(const Firewall& firewall);

}  // namespace bulkhead::host
