// SPDX-License-Identifier: Apache-2.0
#include "host/firewall_nft_rule.h"

#include <array>
#include <utility>

namespace bulkhead::host {

namespace {

// The left side of a match as words: {"meta":{"key":"iifname"}} -> "meta iifname".
std::string left_side(const json::Value& left) {
    const auto members = left.members();
    if (members.size() != 1) return left.dump();
    const auto& [kind, what] = members[0];
    if (kind == "meta") return "meta " + what["key"].text_or();
    if (kind == "ct" && !what["dir"].exists()) return "ct " + what["key"].text_or();
    if (kind == "payload" && what["field"].exists()) return "payload " + what["protocol"].text_or() + " " + what["field"].text_or();
    if (kind == "fib") {
        std::string out = "fib " + what["result"].text_or();
        const auto flags = what["flags"];
        for (const auto& flag : flags.is_array() ? flags.texts() : std::vector{flags.text_or()}) out += " " + flag;
        return out;
    }
    return left.dump();
}

// One value of the right side; what has no plain text form is kept as JSON, which matches nothing known and stays undecided.
std::string value_text(const json::Value& value) {
    if (const auto text = value.text()) return *text;
    if (const auto prefix = value["prefix"]; prefix.is_object()) return prefix["addr"].text_or() + "/" + std::to_string(prefix["len"].integer_or(-1));
    if (const auto range = value["range"].items(); range.size() == 2) return value_text(range[0]) + "-" + value_text(range[1]);
    if (const auto element = value["elem"]; element.is_object()) return value_text(element["val"]);
    return value.dump();
}

std::vector<std::string> right_side(const json::Value& right) {
    std::vector<std::string> values;
    const auto set = right["set"];
    for (const auto& item : set.is_array() ? set.items() : right.items()) values.push_back(value_text(item));
    if (!set.is_array() && !right.is_array()) values.push_back(value_text(set.exists() ? set : right));
    return values;
}

FirewallMatch condition(const json::Value& match) {
    const std::string op = match["op"].text_or("==");
    FirewallMatch out{"nft", left_side(match["left"]), op == "!=", right_side(match["right"])};
    if (op != "==" && op != "!=" && op != "in") out.option += " " + op;
    return out;
}

bool read_verdict(std::string_view statement, const json::Value& value, FirewallRule& rule) {
    const auto set = [&](FirewallEnd end, std::string target) {
        rule.end = end;
        rule.target = std::move(target);
        return true;
    };
    if (statement == "accept") return set(FirewallEnd::accept, "accept");
    if (statement == "drop") return set(FirewallEnd::drop, "drop");
    if (statement == "reject") return set(FirewallEnd::drop, "reject");
    if (statement == "return") return set(FirewallEnd::give_up, "return");
    if (statement == "continue") return set(FirewallEnd::next, "continue");
    if (statement == "jump") return set(FirewallEnd::jump, value["target"].text_or());
    if (statement == "goto") return set(FirewallEnd::go_to, value["target"].text_or());
    return false;
}

// {"vmap":{"key":K,"data":{"set":[[value, verdict],..]}}}: each element is a branch of its own; the keys exclude one another.
void read_verdict_map(const json::Value& map, FirewallRule& rule) {
    const auto elements = map["data"]["set"];
    if (!elements.is_array()) {
        rule.end = FirewallEnd::unclear;
        rule.target = "vmap " + map["data"].text_or();
        return;
    }
    for (const auto& element : elements.items()) {
        const auto pair = element.items();
        FirewallRule branch{rule.family, rule.variant, rule.table, rule.chain, rule.position};
        const auto verdict = pair.size() == 2 ? pair[1].members() : std::vector<std::pair<std::string, json::Value>>{};
        if (verdict.size() != 1 || !read_verdict(verdict[0].first, verdict[0].second, branch)) branch.end = FirewallEnd::unclear;
        const bool any_key = pair.size() == 2 && pair[0].text_or() == "*";  // the set's catch-all: only when no other key fits
        branch.matches.push_back({"nft", any_key ? "otherwise" : left_side(map["key"]), false, {pair.empty() ? "" : value_text(pair[0])}});
        rule.branches.push_back(std::move(branch));
    }
}

bool is_passing_statement(std::string_view statement, const json::Value& value) {
    if (statement == "mangle") return value["key"]["meta"].exists() || value["key"]["ct"].exists();  // a packet's bytes stay as they were
    constexpr std::array passing = {std::string_view("log"), std::string_view("ct helper"), std::string_view("ct timeout"), std::string_view("secmark"),
                                    std::string_view("dup"), std::string_view("flow"),      std::string_view("comment")};
    for (const auto known : passing) {
        if (known == statement) return true;
    }
    return false;
}

bool is_nat(std::string_view statement) { return statement == "dnat" || statement == "snat" || statement == "masquerade" || statement == "redirect"; }

void read_statement(const std::string& statement, const json::Value& value, FirewallRule& rule) {
    if (statement == "match") {
        rule.matches.push_back(condition(value));
    } else if (statement == "counter") {
        rule.packets = value["packets"].integer();
        rule.bytes = value["bytes"].integer();
    } else if (statement == "vmap") {
        read_verdict_map(value, rule);
    } else if (statement == "xt" && value["type"].text_or() == "match") {
        rule.matches.push_back({"nft", "xt " + value["name"].text_or(), false});
    } else if (statement == "notrack") {
        rule.target = "notrack";
    } else if (is_nat(statement)) {
        rule.end = FirewallEnd::accept;
        rule.target = statement;
        rule.target_args = {value.dump()};
    } else if (statement == "limit" || statement == "quota" || statement == "set" || statement == "ct count" || statement == "last") {
        rule.matches.push_back({"nft", statement, false, {value.dump()}});
    } else if (!read_verdict(statement, value, rule) && !is_passing_statement(statement, value)) {
        rule.end = FirewallEnd::unclear;
        rule.target = statement == "xt" ? "xt " + value["name"].text_or() : statement;
    }
}

}  // namespace

void read_nft_expressions(const json::Value& expressions, FirewallRule& rule) {
    rule.text = expressions.dump();
    for (const auto& expression : expressions.items()) {
        const auto members = expression.members();
        if (members.empty()) rule.end = FirewallEnd::unclear;
        for (const auto& [statement, value] : members) read_statement(statement, value, rule);
    }
}

}  // namespace bulkhead::host
