// SPDX-License-Identifier: Apache-2.0
// nft -j list ruleset: {"nftables":[{"metainfo":..},{"table":..},{"chain":..},{"rule":..},..]}, libnftables-json(5). Sets, maps and
// other objects carry no verdicts of their own and are not kept; a rule that looks into one has a condition that cannot be decided.
#include <utility>

#include "base/json.h"
#include "base/text.h"
#include "host/firewall_nft_rule.h"
#include "host/firewall_parse.h"

namespace bulkhead::host {

namespace {

std::optional<FirewallFamily> family_of(std::string_view text) {
    for (const auto family :
         {FirewallFamily::ip, FirewallFamily::ip6, FirewallFamily::inet, FirewallFamily::bridge, FirewallFamily::arp, FirewallFamily::netdev}) {
        if (name(family) == text) return family;
    }
    return std::nullopt;
}

class RulesetReader {
  public:
    explicit RulesetReader(std::string_view locator) : locator_(locator) {}

    Result<std::vector<FirewallTable>> read(const json::Value& root) {
        if (!root["nftables"].is_array()) return fail(Code::corrupt, "no list named nftables");
        // Chains may be listed after the rules that jump to them, and of several tables in turn.
        for (const auto& object : root["nftables"].items()) {
            if (auto done = read_frame(object); !done) return std::unexpected(done.error());
        }
        for (const auto& object : root["nftables"].items()) {
            if (!object["rule"].is_object()) continue;
            if (auto done = read_rule(object["rule"]); !done) return std::unexpected(done.error());
        }
        return std::move(tables_);
    }

  private:
    Result<void> read_frame(const json::Value& object) {
        const auto members = object.members();
        if (members.size() != 1) return fail(Code::corrupt, "not an object of the ruleset: " + text::printable(object.dump().substr(0, 200)));
        if (members[0].first == "table") return add_table(members[0].second);
        if (members[0].first == "chain") return add_chain(members[0].second);
        if (members[0].first == "metainfo" && members[0].second["json_schema_version"].integer_or(0) != 1) {
            return fail(Code::unsupported, "nft's JSON schema is not version 1");
        }
        return {};
    }

    Result<void> add_table(const json::Value& value) {
        const auto family = family_of(value["family"].text_or());
        if (!family || value["name"].text_or().empty()) return wrong("table", value);
        tables_.push_back({*family, FirewallVariant::native, value["name"].text_or()});
        return {};
    }

    Result<void> add_chain(const json::Value& value) {
        FirewallTable* table = find(value);
        if (table == nullptr || value["name"].text_or().empty() || table->find(value["name"].text_or()) != nullptr) return wrong("chain", value);
        if (++chains_ > firewall_chains_max) return fail(Code::limit_exceeded, "more than " + std::to_string(firewall_chains_max) + " chains");
        FirewallChain chain{table->family, FirewallVariant::native, table->name, value["name"].text_or()};
        chain.hook = value["hook"].text_or();
        chain.type = value["type"].text_or();
        chain.priority = value["prio"].integer();
        if (!chain.hook.empty()) {
            if (!chain.priority) return wrong("chain", value);
            const std::string policy = value["policy"].text_or("accept");
            if (policy != "accept" && policy != "drop") return wrong("chain", value);
            chain.policy = policy == "drop" ? "DROP" : "ACCEPT";
        }
        chain.locator = locator_;
        table->add(std::move(chain));
        return {};
    }

    Result<void> read_rule(const json::Value& value) {
        FirewallTable* table = find(value);
        FirewallChain* chain = table == nullptr ? nullptr : table->find(value["chain"].text_or());
        if (chain == nullptr || !value["expr"].is_array()) return wrong("rule", value);
        if (++rules_ > firewall_rules_max) return fail(Code::limit_exceeded, "more than " + std::to_string(firewall_rules_max) + " rules");
        FirewallRule rule{table->family, FirewallVariant::native, table->name, chain->name};
        rule.position = static_cast<std::int64_t>(chain->rules.size()) + 1;
        rule.locator = locator_;
        read_nft_expressions(value["expr"], rule);
        chain->rules.push_back(std::move(rule));
        return {};
    }

    FirewallTable* find(const json::Value& value) {
        const auto family = family_of(value["family"].text_or());
        const std::string table = value["table"].text_or();
        for (auto& known : tables_) {
            if (family && known.family == *family && known.name == table) return &known;
        }
        return nullptr;
    }

    static std::unexpected<Error> wrong(std::string_view what, const json::Value& value) {
        return fail(Code::corrupt, "not a " + std::string(what) + ": " + text::printable(value.dump().substr(0, 200)));
    }

    std::string locator_;
    std::vector<FirewallTable> tables_;
    std::size_t rules_ = 0;
    std::size_t chains_ = 0;
};

}  // namespace

Result<std::vector<FirewallTable>> parse_nft_ruleset(std::string_view bytes, std::string_view locator) {
    const auto document = json::Document::parse(bytes);
    if (!document) return std::unexpected(document.error());
    return RulesetReader(locator).read(document->root());
}

}  // namespace bulkhead::host
