// SPDX-License-Identifier: Apache-2.0
// iptables-save -c: "*table", ":CHAIN POLICY [packets:bytes]", "[packets:bytes] -A CHAIN matches -j TARGET", "COMMIT".
// Both variants and both families print the same grammar.
#include <array>
#include <utility>

#include "base/text.h"
#include "host/firewall_parse.h"

namespace bulkhead::host {

namespace {

struct Word {
    std::string text;
    bool quoted = false;
};

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

// Splits at blanks as iptables-restore does: double quotes group, and a backslash inside them escapes one character.
Result<std::vector<Word>> split_words(std::string_view line, std::size_t number) {
    std::vector<Word> out;
    Word word;
    bool open = false;
    bool escaped = false;
    bool any = false;
    for (const char c : line) {
        if (open) {
            if (escaped) {
                word.text += c;
                escaped = false;
            } else if (c == '\\') {
                escaped = true;
            } else if (c == '"') {
                open = false;
            } else {
                word.text += c;
            }
        } else if (c == '"') {
            open = word.quoted = any = true;
        } else if (c == ' ' || c == '\t') {
            if (any) out.push_back(std::exchange(word, {}));
            any = false;
        } else {
            word.text += c;
            any = true;
        }
        if (out.size() > firewall_words_max) return fail(Code::limit_exceeded, "line " + std::to_string(number) + ": too many words");
    }
    if (open) return std::unexpected(corrupt(number, "a quote is not closed", line));
    if (any) out.push_back(std::move(word));
    return out;
}

// Cuts the next line. A quoted value may hold a line end (iptables takes one in a comment), so an open quote goes on to the next.
std::string_view next_line(std::string_view& rest) {
    bool open = false;
    std::size_t end = 0;
    const bool may_quote = rest.starts_with('[') || rest.starts_with('-');
    for (; end < rest.size(); ++end) {
        const char c = rest[end];
        if (c == '\n' && !open) break;
        if (!may_quote) continue;
        if (open && c == '\\') {
            ++end;
        } else if (c == '"') {
            open = !open;
        }
    }
    end = std::min(end, rest.size());
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(rest.size(), end + 1));
    return line;
}

// "[12:345]"
bool read_counters(std::string_view text, std::optional<std::int64_t>& packets, std::optional<std::int64_t>& bytes) {
    if (text.size() < 5 || text.front() != '[' || text.back() != ']') return false;
    const std::string_view inner = text.substr(1, text.size() - 2);
    const std::size_t colon = inner.find(':');
    if (colon == std::string_view::npos) return false;
    packets = text::to_integer(inner.substr(0, colon));
    bytes = text::to_integer(inner.substr(colon + 1));
    return packets && bytes && *packets >= 0 && *bytes >= 0;
}

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
    RuleReader(const std::vector<Word>& words, std::size_t from, FirewallRule& rule) : words_(words), at_(from), rule_(rule) {}

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
        const Word& option = words_[at_++];
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
            const Word& word = words_[at_];
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

    const std::vector<Word>& words_;
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

FirewallEnd end_of(const FirewallRule& rule, const FirewallTable& table) {
    const std::string& target = rule.target;
    if (target.empty()) return FirewallEnd::next;
    if (target == "ACCEPT" || is_rewriting_target(target)) return FirewallEnd::accept;
    if (target == "DROP" || target == "REJECT") return FirewallEnd::drop;
    if (target == "RETURN") return FirewallEnd::give_up;
    if (table.find(target) != nullptr) return rule.end == FirewallEnd::go_to ? FirewallEnd::go_to : FirewallEnd::jump;
    return is_passing_target(target) ? FirewallEnd::next : FirewallEnd::unclear;
}

class SaveReader {
  public:
    SaveReader(FirewallFamily family, FirewallVariant variant, std::string_view locator) : family_(family), variant_(variant), locator_(locator) {}

    Result<std::vector<FirewallTable>> read(std::string_view rest) {
        while (!rest.empty()) {
            const std::string_view line = next_line(rest);
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
        if (words.size() == 3 && !read_counters(words[2], chain.packets, chain.bytes)) return std::unexpected(corrupt(number_, "not counters", line));
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
        const auto words = split_words(line, number_);
        if (!words) return std::unexpected(words.error());
        FirewallTable& table = tables_.back();
        FirewallRule rule{family_, variant_, table.name, ""};
        std::size_t at = 0;
        if (line.front() == '[' && read_counters((*words)[0].text, rule.packets, rule.bytes)) at = 1;
        if (words->size() < at + 2 || (*words)[at].text != "-A") return std::unexpected(corrupt(number_, "not understood", line));
        FirewallChain* chain = table.find((*words)[at + 1].text);
        if (chain == nullptr) return std::unexpected(corrupt(number_, "a rule of a chain that is not there", line));
        if (auto wrong = RuleReader(*words, at + 2, rule).read()) return std::unexpected(corrupt(number_, *wrong, line));
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
            for (auto& rule : chain.rules) rule.end = end_of(rule, table);
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
