// SPDX-License-Identifier: Apache-2.0
// Bytes of iptables-save -c and nft -j list ruleset into rules. What is not understood fails the whole reading: a rule that went
// missing would make every verdict about the firewall wrong. Pure functions; any thread.
#pragma once

#include <string_view>
#include <vector>

#include "base/result.h"
#include "host/firewall_rule.h"

namespace bulkhead::host {

inline constexpr std::size_t firewall_rules_max = 200'000;
inline constexpr std::size_t firewall_chains_max = 50'000;
inline constexpr std::size_t firewall_line_bytes_max = 64 * 1024;
inline constexpr std::size_t firewall_words_max = 4'096;  // of one rule

// Grammar: iptables-save(8) and add_param_to_argv() of iptables' xshared.c. `locator` is put into every rule and chain.
// corrupt: not that grammar, or cut short (a table without COMMIT); limit_exceeded: a bound above.
Result<std::vector<FirewallTable>> parse_iptables_save(std::string_view bytes, FirewallFamily family, FirewallVariant variant, std::string_view locator);

// Grammar: libnftables-json(5). All tables, those loaded by iptables-nft too; variant is native.
Result<std::vector<FirewallTable>> parse_nft_ruleset(std::string_view bytes, std::string_view locator);

}  // namespace bulkhead::host
