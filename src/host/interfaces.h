// SPDX-License-Identifier: Apache-2.0
// Interfaces and addresses of a network namespace from rtnetlink dumps (rtnetlink(7), linux/if_link.h, linux/if_addr.h). Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ip.h"
#include "base/result.h"

namespace bulkhead::host {

struct Link {
    std::int64_t index = 0;
    std::string name;
    std::string kind;  // bridge, veth, vxlan, ...; empty for hardware and loopback
    std::string mac;   // "02:42:...", empty where there is none
    std::optional<std::int64_t> mtu;
    bool up = false;  // set up by its owner (IFF_UP)
    bool promiscuous = false;
    std::string operstate;                     // up, down, lowerlayerdown, unknown, ... (RFC 2863)
    std::optional<std::int64_t> master_index;  // the bridge it is a port of
    std::optional<std::int64_t> peer_index;    // of a veth: the other end, in the namespace peer_netns
    std::optional<std::int64_t> peer_netns;    // number of that namespace as this one knows it; nothing: the same namespace
};

struct Address {
    std::int64_t interface_index = 0;
    std::string family;  // "ipv4", "ipv6"
    IpAddress address;
    int prefix_length = 0;
    std::string scope;  // global, site, link, host
    std::string label;
};

Result<std::vector<Link>> parse_links(std::string_view dump);
Result<std::vector<Address>> parse_addresses(std::string_view dump);

std::string_view scope_name(std::uint8_t scope);  // rtnetlink's RT_SCOPE_*
std::string_view family_name(int family);         // "ipv4", "ipv6", "" for others

}  // namespace bulkhead::host
