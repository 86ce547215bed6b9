// SPDX-License-Identifier: Apache-2.0
#include "tables/firewall_source.h"

#include <algorithm>

#include "base/json.h"
#include "base/text.h"
#include "tables/facts.h"

namespace bulkhead::tables {

std::optional<host::Firewall> read_engine_firewall(Scan& scan) {
    host::Host& host = scan.facts().host;
    const auto& pid = host.engine_pid();
    if (!pid) {
        const auto problem = host.engine_problem();
        scan.failed(problem.locator, problem.reason);
        return std::nullopt;
    }
    auto firewall = host::read_firewall(scan.facts().world, *pid);
    for (const auto& reading : firewall.readings) {
        if (reading.unreadable()) scan.failed(reading.locator, std::string(name(reading.outcome)) + ": " + reading.reason);
    }
    return firewall;
}

std::string condition_text(const host::FirewallRule& rule, std::initializer_list<std::string_view> options) {
    std::vector<std::string> found;
    for (const auto& match : rule.matches) {
        const std::string_view option = match.module.empty() || match.module == "nft" ? std::string_view(match.option) : std::string_view();
        if (std::ranges::find(options, option) == options.end()) continue;
        found.push_back((match.negated ? "!" : "") + text::join(match.values, ","));
    }
    return text::join(found, " ");
}

std::string texts_json(const std::vector<std::string>& texts) {
    std::string out = "[";
    for (const auto& one : texts) out += (out.size() > 1 ? "," : "") + json::quote(one);
    return out + "]";
}

std::string conditions_json(const host::FirewallRule& rule) {
    std::string out = "[";
    for (const auto& match : rule.matches) {
        if (out.size() > 1) out += ",";
        out += R"({"module":)" + json::quote(match.module) + R"(,"option":)" + json::quote(match.option) + R"(,"negated":)" +
               (match.negated ? "true" : "false") + R"(,"values":)" + texts_json(match.values) + "}";
    }
    return out + "]";
}

}  // namespace bulkhead::tables
