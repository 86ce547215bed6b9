// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <utility>

#include "host/firewall.h"

namespace bulkhead::host {

namespace {

// What iptables-nft itself writes as nf_tables expressions (iptables' nft-shared.c); every other condition is an xt one.
bool iptables_writes(const FirewallMatch& match) {
    if (match.option.starts_with("xt ") || match.option.starts_with("{\"&\":") || match.option == "limit") return true;
    constexpr std::array options = {
        std::string_view("meta iifname"),      std::string_view("meta oifname"),        std::string_view("meta iif"),
        std::string_view("meta oif"),          std::string_view("meta l4proto"),        std::string_view("payload ip saddr"),
        std::string_view("payload ip daddr"),  std::string_view("payload ip protocol"), std::string_view("payload ip6 saddr"),
        std::string_view("payload ip6 daddr"), std::string_view("payload ip6 nexthdr"), std::string_view("payload tcp sport"),
        std::string_view("payload tcp dport"), std::string_view("payload tcp flags"),   std::string_view("payload udp sport"),
        std::string_view("payload udp dport"),
    };
    return std::ranges::find(options, match.option) != options.end();
}

bool iptables_can_show(const FirewallRule& native) {
    const bool looks_up = native.text.find("{\"set\":") != std::string::npos || native.text.find(":\"@") != std::string::npos;
    const bool odd_end = native.end == FirewallEnd::unclear && !native.target.starts_with("xt ");
    return native.branches.empty() && !looks_up && !odd_end && native.target != "notrack" && std::ranges::all_of(native.matches, iptables_writes);
}

bool merge_chain(FirewallChain& saved, FirewallChain& native) {
    if (saved.rules.size() != native.rules.size()) return false;
    saved.hook = native.hook;
    saved.type = native.type;
    saved.priority = native.priority;
    if (native.hook.empty()) saved.policy.clear();
    for (std::size_t i = 0; i < saved.rules.size(); ++i) {
        if (!iptables_can_show(native.rules[i])) saved.rules[i] = std::move(native.rules[i]);
    }
    return true;
}

bool merge_table(FirewallTable& saved, FirewallTable& native) {
    for (auto& chain : saved.chains) {
        FirewallChain* other = native.find(chain.name);
        if (other == nullptr && !chain.rules.empty()) return false;
        if (other != nullptr && !merge_chain(chain, *other)) return false;
    }
    for (auto& chain : native.chains) {
        if (saved.find(chain.name) == nullptr) saved.add(std::move(chain));
    }
    return true;
}

bool has_rules(const FirewallTable& table) {
    return std::ranges::any_of(table.chains, [](const FirewallChain& chain) { return !chain.rules.empty() || chain.policy == "DROP"; });
}

}  // namespace

bool merge_nft_tables(std::vector<FirewallTable>& saved, std::vector<FirewallTable>& native) {
    for (auto& table : saved) {
        const auto other = std::ranges::find_if(native, [&](const FirewallTable& t) { return t.family == table.family && t.name == table.name; });
        if (other == native.end()) {
            if (has_rules(table)) return false;
            continue;
        }
        if (!merge_table(table, *other)) return false;
        native.erase(other);
    }
    return true;
}

bool Firewall::uses(FirewallVariant variant) const {
    return std::ranges::any_of(tables, [variant](const FirewallTable& table) { return table.variant == variant && has_rules(table); });
}

}  // namespace bulkhead::host
