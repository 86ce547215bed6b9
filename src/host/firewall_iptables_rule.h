// SPDX-License-Identifier: Apache-2.0
// One rule of iptables-save: its conditions and its target. Called by firewall_iptables.cpp. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "host/firewall_rule.h"
#include "host/firewall_words.h"

namespace bulkhead::host {

// Reads the words after "-A CHAIN", from `from` on, into matches, target and target_args. Returns what is wrong, or nothing.
std::optional<std::string> read_iptables_rule(const std::vector<SaveWord>& words, std::size_t from, FirewallRule& rule);

// What the rule's target does, once all chains of its table are known.
FirewallEnd end_of_iptables_rule(const FirewallRule& rule, const FirewallTable& table);

}  // namespace bulkhead::host
