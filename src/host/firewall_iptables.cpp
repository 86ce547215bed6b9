// SPDX-License-Identifier: Apache-2.0
// iptables-save -c: "*table", ":CHAIN POLICY [packets:bytes]", "[packets:bytes] -A CHAIN matches -j TARGET", "COMMIT".
// Both variants and both families print the same grammar.
#include <array>
#include <utility>

#include "base/text.h"
#include "host/firewall_iptables_rule.h"
#include "host/firewall_parse.h"
#include "host/firewall_words.h"

namespace bulkhead::host {

namespace {

// The kernel's hook and priority of a built-in chain: enum nf_ip_hook_priorities in <linux/netfilter_ipv4.h>, the same for IPv6.
struct Builtin {
    std::string_view chain;
    std::string_view hook;
    std::int64_t nat_priority;
};
constexpr std::array builtins = {
    Builtin{"PREROUTING", "prerouting", -100},  Builtin{"INPUT", "input", 100}, Builtin{"FORWARD", "forward", 0}, Builtin{"OUTPUT", "output", -100},
    Builtin{"POSTROUTING", "postrouting", 100},
};
constexpr std::array table_priorities = {
    std::pair{std::string_view("raw"), -300}, std::pair{std::string_view("mangle"), -150}, std::pair{std::string_view("nat"), 0},
    std::pair{std::string_view("filter"), 0}, std::pair{std::string_view("security"), 50},
};

Error corrupt(std::size_t line, std::string_view what, std::string_view text) {
    return {Code::corrupt, "line " + std::to_string(line) + ": " + std::string(what) + ": " + text::printable(text.substr(0, 200))};
}

class SaveReader {
  public:
    SaveReader(FirewallFamily family, FirewallVariant variant, std::string_view locator) : family_(family), variant_(variant), locator_(locator) {}

    Result<std::vector<FirewallTable>> read(std::string_view rest) {
        while (!rest.empty()) {
            const std::string_view line = next_save_line(rest);
            ++number_;
            if (line.size() > firewall_line_bytes_max) return fail(Code::limit_exceeded, "line " + std::to_string(number_) + " is too long");
            if (auto done = read_line(line); !done) return std::unexpected(done.error());
        }
        if (open_) return fail(Code::corrupt, "cut short: table " + tables_.back().name + " has no COMMIT");
        return std::move(tables_);
    }

  private:
    Result<void> read_line(std::string_view line) {
        if (line.empty() || line.front() == '#') return {};
        if (line.front() == '*') return begin_table(line.substr(1));
        if (!open_) return std::unexpected(corrupt(number_, "outside of a table", line));
        if (line == "COMMIT") return commit();
        if (line.front() == ':') return add_chain(line);
        return add_rule(line);
    }

    Result<void> begin_table(std::string_view name) {
        if (open_ || name.empty()) return std::unexpected(corrupt(number_, "a table begins inside another", name));
        for (const auto& table : tables_) {
            if (table.name == name) return std::unexpected(corrupt(number_, "the table is there twice", name));
        }
        tables_.push_back({family_, variant_, std::string(name)});
        open_ = true;
        return {};
    }

    Result<void> add_chain(std::string_view line) {
        const auto words = text::words(line.substr(1));
        FirewallTable& table = tables_.back();
        FirewallChain chain{family_, variant_, table.name, words.empty() ? "" : std::string(words[0])};
        const bool known = words.size() >= 2 && words.size() <= 3 && (words[1] == "ACCEPT" || words[1] == "DROP" || words[1] == "-");
        if (!known || table.find(chain.name) != nullptr) return std::unexpected(corrupt(number_, "not a chain", line));
        if (words.size() == 3 && !read_save_counters(words[2], chain.packets, chain.bytes)) return std::unexpected(corrupt(number_, "not counters", line));
        if (++chains_ > firewall_chains_max) return fail(Code::limit_exceeded, "more than " + std::to_string(firewall_chains_max) + " chains");
        chain.locator = locator_;
        if (words[1] != "-") {
            chain.policy = std::string(words[1]);
            chain.type = table.name == "nat" ? "nat" : "filter";
            place(table.name, chain);
        }
        table.add(std::move(chain));
        return {};
    }

    static void place(const std::string& table, FirewallChain& chain) {
        for (const auto& builtin : builtins) {
            if (builtin.chain != chain.name) continue;
            chain.hook = std::string(builtin.hook);
            for (const auto& [known, priority] : table_priorities) {
                if (known == table) chain.priority = table == "nat" ? builtin.nat_priority : priority;
            }
        }
    }

    Result<void> add_rule(std::string_view line) {
        if (++rules_ > firewall_rules_max) return fail(Code::limit_exceeded, "more than " + std::to_string(firewall_rules_max) + " rules");
        const auto words = split_save_words(line);
        if (!words) return std::unexpected(words.error().in("line " + std::to_string(number_)));
        FirewallTable& table = tables_.back();
        FirewallRule rule{family_, variant_, table.name, ""};
        std::size_t at = 0;
        if (line.front() == '[' && read_save_counters((*words)[0].text, rule.packets, rule.bytes)) at = 1;
        if (words->size() < at + 2 || (*words)[at].text != "-A") return std::unexpected(corrupt(number_, "not understood", line));
        FirewallChain* chain = table.find((*words)[at + 1].text);
        if (chain == nullptr) return std::unexpected(corrupt(number_, "a rule of a chain that is not there", line));
        if (auto wrong = read_iptables_rule(*words, at + 2, rule)) return std::unexpected(corrupt(number_, *wrong, line));
        rule.chain = chain->name;
        rule.position = static_cast<std::int64_t>(chain->rules.size()) + 1;
        rule.text = std::string(line.substr(at == 1 ? line.find("-A ") : 0));
        rule.locator = locator_;
        chain->rules.push_back(std::move(rule));
        return {};
    }

    Result<void> commit() {
        FirewallTable& table = tables_.back();
        for (auto& chain : table.chains) {
            for (auto& rule : chain.rules) rule.end = end_of_iptables_rule(rule, table);
        }
        open_ = false;
        return {};
    }

    FirewallFamily family_;
    FirewallVariant variant_;
    std::string locator_;
    std::vector<FirewallTable> tables_;
    std::size_t number_ = 0;
    std::size_t rules_ = 0;
    std::size_t chains_ = 0;
    bool open_ = false;
};

}  // namespace

Result<std::vector<FirewallTable>> parse_iptables_save(std::string_view bytes, FirewallFamily family, FirewallVariant variant, std::string_view locator) {
    return SaveReader(family, variant, locator).read(bytes);
}

}  // namespace bulkhead::host
