// SPDX-License-Identifier: Apache-2.0
// All packet filter rules of one network namespace, from the five programs that can show them. Callers: tables of the firewall,
// firewall_walk.h.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "host/firewall_rule.h"
#include "world/world.h"

namespace bulkhead::host {

struct FirewallReading {
    std::string locator;
    world::Outcome outcome = world::Outcome::failed;  // failed also where the bytes were not understood
    std::string reason = {};
    bool ip = true;  // which packets its rules concern
    bool ip6 = true;

    [[nodiscard]] bool unreadable() const { return outcome == world::Outcome::denied || outcome == world::Outcome::failed; }
};

struct Firewall {
    std::vector<FirewallReading> readings;
    // iptables' tables (variant nft or legacy) as iptables-save shows them, and nft's own (native). A table that both wrote is one
    // table: chains and rules that iptables-save cannot show rightly are taken from nft (see firewall_merge.cpp).
    std::vector<FirewallTable> tables;

    [[nodiscard]] bool uses(FirewallVariant variant) const;  // a rule, or a policy other than accept, is loaded
};

// Runs the five programs in the network namespace of that process. Never fails as a whole: see readings.
Firewall read_firewall(world::World& world, std::int64_t netns_pid);

// iptables-nft-save (1.8.9) leaves out, without a word, what iptables could not have written: a set in a condition, a base chain of
// another name. So each rule is looked up in nft's own listing and taken from there where it uses more than iptables can.
// Moves the tables of `saved` (family, variant nft) into one list with the native ones. False when a chain has another number of
// rules in each listing: they changed between the two readings, or were understood differently.
bool merge_nft_tables(std::vector<FirewallTable>& saved, std::vector<FirewallTable>& native);

}  // namespace bulkhead::host
