// SPDX-License-Identifier: Apache-2.0
#include "host/firewall_rule.h"

#include <utility>

namespace bulkhead::host {

std::string_view name(FirewallFamily family) {
    switch (family) {
        case FirewallFamily::ip: return "ip";
        case FirewallFamily::ip6: return "ip6";
        case FirewallFamily::inet: return "inet";
        case FirewallFamily::bridge: return "bridge";
        case FirewallFamily::arp: return "arp";
        case FirewallFamily::netdev: return "netdev";
    }
    return "ip";
}

std::string_view name(FirewallVariant variant) {
    switch (variant) {
        case FirewallVariant::nft: return "nft";
        case FirewallVariant::legacy: return "legacy";
        case FirewallVariant::native: return "native";
    }
    return "nft";
}

const FirewallChain* FirewallTable::find(const std::string& chain) const {
    const auto found = index.find(chain);
    return found == index.end() ? nullptr : &chains[found->second];
}

FirewallChain* FirewallTable::find(const std::string& chain) {
    const auto found = index.find(chain);
    return found == index.end() ? nullptr : &chains[found->second];
}

void FirewallTable::add(FirewallChain chain) {
    index.emplace(chain.name, chains.size());
    chains.push_back(std::move(chain));
}

}  // namespace bulkhead::host
