// SPDX-License-Identifier: Apache-2.0
// The expressions of one nft rule, from libnftables-json(5), as conditions and a verdict. Called by firewall_nft.cpp. Any thread.
#pragma once

#include "base/json.h"
#include "host/firewall_rule.h"

namespace bulkhead::host {

// Fills matches, end, target, counters and text. A statement that is not known makes the rule's end `unclear`, never disappears.
void read_nft_expressions(const json::Value& expressions, FirewallRule& rule);

}  // namespace bulkhead::host
