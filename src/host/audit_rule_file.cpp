// SPDX-License-Identifier: Apache-2.0
#include "host/audit_rule_file.h"

#include <algorithm>
#include <optional>

#include "base/text.h"

namespace bulkhead::host {

namespace {

constexpr std::string_view lists[] = {"exit", "task", "user", "exclude", "filesystem", "io_uring", "entry"};

void take_field(AuditRule& rule, std::string_view field) {
    const std::size_t sign = field.find('=');
    const bool is_plain = sign != std::string_view::npos && sign > 0 && std::string_view("!<>&").find(field[sign - 1]) == std::string_view::npos;
    const std::string_view name = is_plain ? field.substr(0, sign) : std::string_view();
    const std::string_view value = is_plain ? field.substr(sign + 1) : std::string_view();
    if (name == "path" || name == "dir") {
        rule.kind = name;
        rule.path = value;
    } else if (name == "perm") {
        rule.permissions = value;
    } else if (name == "key") {
        rule.key = value;
    } else {
        rule.conditions.emplace_back(field);
    }
}

// "always,exit" and "exit,always" are the same.
bool take_list(AuditRule& rule, std::string_view word) {
    const auto parts = text::split(word, ',');
    if (parts.size() != 2) return false;
    const bool list_first = std::ranges::find(lists, parts[0]) != std::end(lists);
    rule.list = parts[list_first ? 0 : 1];
    rule.action = parts[list_first ? 1 : 0];
    return std::ranges::find(lists, rule.list) != std::end(lists);
}

std::optional<AuditRule> parse_line(std::string_view line) {
    const auto words = text::words(line);
    AuditRule rule;
    rule.text = line;
    rule.all_syscalls = true;
    bool is_rule = false;
    bool understood = true;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::string_view option = words[i];
        constexpr std::string_view with_value[] = {"-w", "-a", "-A", "-F", "-C", "-S", "-p", "-k", "-b", "-f", "-e", "-r", "--backlog_wait_time"};
        if (std::ranges::find(with_value, option) == std::end(with_value)) {
            understood = understood && option.starts_with('-');
            continue;
        }
        const std::string_view value = i + 1 < words.size() ? words[++i] : std::string_view();
        if (option == "-w") {
            rule.list = "exit";
            rule.action = "always";
            rule.kind = "watch";
            rule.path = value;
            is_rule = true;
        } else if (option == "-a" || option == "-A") {
            understood = take_list(rule, value) && understood;
            is_rule = true;
        } else if (option == "-F") {
            take_field(rule, value);
        } else if (option == "-C") {
            rule.conditions.emplace_back(value);
        } else if (option == "-S") {
            rule.all_syscalls = rule.all_syscalls && value == "all";
        } else if (option == "-p") {
            rule.permissions = value;
        } else if (option == "-k") {
            rule.key = value;
        }
    }
    if (!understood) rule.action = "not understood";
    if (!is_rule && understood) return std::nullopt;
    return rule;
}

}  // namespace

Result<std::vector<AuditFileRule>> parse_audit_rule_file(std::string_view bytes) {
    std::vector<AuditFileRule> rules;
    std::int64_t number = 0;
    for (const std::string_view line : text::lines(bytes)) {
        ++number;
        const std::string_view trimmed = text::trim(line);
        if (trimmed.empty() || trimmed.starts_with('#')) continue;
        auto rule = parse_line(trimmed);
        if (!rule) continue;
        if (rules.size() == audit_rules_max) return fail(Code::limit_exceeded, "more audit rules than anyone has");
        rules.push_back({number, std::move(*rule)});
    }
    return rules;
}

}  // namespace bulkhead::host
