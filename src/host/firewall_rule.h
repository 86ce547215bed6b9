// SPDX-License-Identifier: Apache-2.0
// Loaded packet filter rules as values: what iptables-save and nft print, in the kernel's order. Plain data, filled by
// firewall_parse.h, evaluated by firewall_walk.h, shown by the tables firewall_rule and firewall_chain.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace bulkhead::host {

enum class FirewallFamily : std::uint8_t { ip, ip6, inet, bridge, arp, netdev };
// Who loaded the rule and through which kernel interface: iptables over nf_tables, iptables over x_tables, or nft itself.
enum class FirewallVariant : std::uint8_t { nft, legacy, native };
std::string_view name(FirewallFamily family);
std::string_view name(FirewallVariant variant);

// One condition of a rule. iptables: module "conntrack", option "--ctstate", values {"RELATED,ESTABLISHED"}; the options every rule
// may have (-i -o -s -d -p -f) have no module; a module named without an option (`-m socket`) has no option. nft: module "nft",
// option "meta iifname", "payload tcp dport", "ct state" ..., values the right side (a set has one value per element).
struct FirewallMatch {
    std::string module;
    std::string option;
    bool negated = false;
    std::vector<std::string> values = {};
};

// What happens to a packet that meets all conditions of a rule.
enum class FirewallEnd : std::uint8_t {
    next,     // the next rule: no target, or one that only counts, logs or marks
    accept,   // leaves this base chain
    drop,     // gone: DROP, REJECT
    give_up,  // back to the calling chain: RETURN
    jump,
    go_to,    // jump without a way back
    unclear,  // a target whose effect is not known here: NFQUEUE, an extension
};

struct FirewallRule {
    FirewallFamily family = FirewallFamily::ip;
    FirewallVariant variant = FirewallVariant::nft;
    std::string table;
    std::string chain;
    std::int64_t position = 0;  // 1-based in its chain
    std::optional<std::int64_t> packets = {};
    std::optional<std::int64_t> bytes = {};
    std::vector<FirewallMatch> matches = {};
    FirewallEnd end = FirewallEnd::next;
    std::string target = {};  // as written: "DROP", a chain's name, "masquerade"; empty where there is none
    std::vector<std::string> target_args = {};
    std::vector<FirewallRule> branches = {};  // of an nft verdict map: one per element, at most one applies
    std::string text = {};                    // iptables: the line from -A on; nft: the JSON of its expressions
    std::string locator = {};
};

struct FirewallChain {
    FirewallFamily family = FirewallFamily::ip;
    FirewallVariant variant = FirewallVariant::nft;
    std::string table;
    std::string name;
    std::string hook = {};  // "forward" ...; empty: reached by jumps only
    std::string type = {};  // "filter", "nat", "route"; empty where there is no hook
    std::optional<std::int64_t> priority = {};
    std::string policy = {};  // "ACCEPT" or "DROP" in capitals; empty where there is no hook
    std::optional<std::int64_t> packets = {};
    std::optional<std::int64_t> bytes = {};
    std::vector<FirewallRule> rules = {};
    std::string locator = {};
};

struct FirewallTable {
    FirewallFamily family = FirewallFamily::ip;
    FirewallVariant variant = FirewallVariant::nft;
    std::string name;
    std::vector<FirewallChain> chains = {};
    std::unordered_map<std::string, std::size_t> index = {};  // name -> place in chains

    [[nodiscard]] const FirewallChain* find(const std::string& chain) const;
    [[nodiscard]] FirewallChain* find(const std::string& chain);
    void add(FirewallChain chain);
};

}  // namespace bulkhead::host
