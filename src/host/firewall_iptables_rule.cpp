// SPDX-License-Identifier: Apache-2.0
#include "host/firewall_iptables_rule.h"

#include <array>
#include <utility>

namespace bulkhead::host {

namespace {

// Options whose one value is free text and may itself begin with '-' (xtables_save_string quotes only what needs it), and those
// with exactly one value in every use.
bool takes_one_value(std::string_view option) {
    constexpr std::array options = {
        std::string_view("-i"),
        std::string_view("-o"),
        std::string_view("-s"),
        std::string_view("-d"),
        std::string_view("-p"),
        std::string_view("-m"),
        std::string_view("-j"),
        std::string_view("-g"),
        std::string_view("--comment"),
        std::string_view("--string"),
        std::string_view("--helper"),
        std::string_view("--log-prefix"),
        std::string_view("--nflog-prefix"),
        std::string_view("--hex-string"),
        std::string_view("--path"),
        std::string_view("--ulog-prefix"),
    };
    for (const auto known : options) {
        if (known == option) return true;
    }
    return false;
}

bool is_plain(std::string_view option) { return option == "-i" || option == "-o" || option == "-s" || option == "-d" || option == "-p" || option == "-f"; }

// The conditions and the target out of the words after "-A CHAIN".
class RuleReader {
  public:
    RuleReader(const std::vector<SaveWord>& words, std::size_t from, FirewallRule& rule) : words_(words), at_(from), rule_(rule) {}

    std::optional<std::string> read() {  // what is wrong, or nothing
        while (at_ < words_.size()) {
            if (auto wrong = read_one()) return wrong;
        }
        close_module();
        return std::nullopt;
    }

  private:
    std::optional<std::string> read_one() {
        bool negated = false;
        if (words_[at_].text == "!" && !words_[at_].quoted) {
            negated = true;
            ++at_;
        }
        if (at_ >= words_.size()) return "nothing follows '!'";
        const SaveWord& option = words_[at_++];
        if (option.quoted || option.text.size() < 2 || option.text.front() != '-') return "not an option: " + option.text;
        std::vector<std::string> values = read_values(option.text);
        if (option.text == "-m" || option.text == "-j" || option.text == "-g") return read_name(option.text, std::move(values), negated);
        const bool plain = is_plain(option.text);
        if (plain && option.text != "-f" && values.size() != 1) return "no value for " + option.text;
        if (!plain) named_only_ = false;
        rule_.matches.push_back({plain ? "" : module_, option.text, negated, std::move(values)});
        return std::nullopt;
    }

    std::vector<std::string> read_values(const std::string& option) {
        std::vector<std::string> values;
        const bool one = takes_one_value(option);
        while (at_ < words_.size()) {
            const SaveWord& word = words_[at_];
            const bool free_text = one && values.empty();
            if (!free_text && !word.quoted && (word.text == "!" || word.text.starts_with('-'))) break;
            values.push_back(word.text);
            ++at_;
            if (one) break;
        }
        return values;
    }

    std::optional<std::string> read_name(const std::string& option, std::vector<std::string> values, bool negated) {
        if (values.size() != 1 || negated) return "no name for " + option;
        close_module();
        if (option == "-m") {
            module_ = values.front();
            named_only_ = true;
            return std::nullopt;
        }
        rule_.target = values.front();
        if (option == "-g") rule_.end = FirewallEnd::go_to;
        for (; at_ < words_.size(); ++at_) rule_.target_args.push_back(words_[at_].text);
        return std::nullopt;
    }

    void close_module() {
        if (named_only_) rule_.matches.push_back({module_, "", false});
        named_only_ = false;
    }

    const std::vector<SaveWord>& words_;
    std::size_t at_;
    FirewallRule& rule_;
    std::string module_;
    bool named_only_ = false;
};

// Targets after which the packet goes on to the next rule: man iptables-extensions(8).
bool is_passing_target(std::string_view target) {
    constexpr std::array targets = {
        std::string_view("AUDIT"),       std::string_view("CHECKSUM"), std::string_view("CLASSIFY"),  std::string_view("CONNMARK"),
        std::string_view("CONNSECMARK"), std::string_view("CT"),       std::string_view("DSCP"),      std::string_view("ECN"),
        std::string_view("HL"),          std::string_view("HMARK"),    std::string_view("IDLETIMER"), std::string_view("LED"),
        std::string_view("LOG"),         std::string_view("MARK"),     std::string_view("NFLOG"),     std::string_view("NOTRACK"),
        std::string_view("RATEEST"),     std::string_view("SECMARK"),  std::string_view("SET"),       std::string_view("TCPMSS"),
        std::string_view("TCPOPTSTRIP"), std::string_view("TEE"),      std::string_view("TOS"),       std::string_view("TRACE"),
        std::string_view("TTL"),         std::string_view("ULOG"),
    };
    for (const auto known : targets) {
        if (known == target) return true;
    }
    return false;
}

// Targets of the nat table: the address is rewritten and the packet leaves the chain.
bool is_rewriting_target(std::string_view target) {
    return target == "DNAT" || target == "SNAT" || target == "MASQUERADE" || target == "REDIRECT" || target == "NETMAP";
}

}  // namespace

std::optional<std::string> read_iptables_rule(const std::vector<SaveWord>& words, std::size_t from, FirewallRule& rule) {
    return RuleReader(words, from, rule).read();
}

FirewallEnd end_of_iptables_rule(const FirewallRule& rule, const FirewallTable& table) {
    const std::string& target = rule.target;
    if (target.empty()) return FirewallEnd::next;
    if (target == "ACCEPT" || is_rewriting_target(target)) return FirewallEnd::accept;
    if (target == "DROP" || target == "REJECT") return FirewallEnd::drop;
    if (target == "RETURN") return FirewallEnd::give_up;
    if (table.find(target) != nullptr) return rule.end == FirewallEnd::go_to ? FirewallEnd::go_to : FirewallEnd::jump;
    return is_passing_target(target) ? FirewallEnd::next : FirewallEnd::unclear;
}

}  // namespace bulkhead::host
