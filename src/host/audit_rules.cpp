// SPDX-License-Identifier: Apache-2.0
#include "host/audit_rules.h"

#include <fmt/format.h>
#include <linux/audit.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <utility>

#include "base/text.h"
#include "host/netlink_messages.h"

namespace bulkhead::host {

namespace {

// Without the texts behind it.
constexpr std::size_t fixed_bytes = offsetof(audit_rule_data, buf);
// The last words of the mask hold classes of system calls (audit_to_entry_common in the kernel): they are none of their own.
constexpr std::size_t syscall_words = AUDIT_BITMASK_SIZE - 1;

std::string list_name(std::uint32_t flags) {
    constexpr std::array<const char*, 8> names = {"user", "task", "entry", "watch", "exit", "exclude", "filesystem", "io_uring"};
    const std::uint32_t list = flags & ~static_cast<std::uint32_t>(AUDIT_FILTER_PREPEND);
    return list < names.size() ? names[list] : fmt::format("list {}", list);
}

std::string action_name(std::uint32_t action) {
    constexpr std::array<const char*, 3> names = {"never", "possible", "always"};
    return action < names.size() ? names[action] : fmt::format("action {}", action);
}

std::string field_name(std::uint32_t field) {
    constexpr std::pair<std::uint32_t, const char*> names[] = {
        {0, "pid"},           {1, "uid"},         {2, "euid"},       {3, "suid"},       {4, "fsuid"},        {5, "gid"},
        {6, "egid"},          {7, "sgid"},        {8, "fsgid"},      {9, "auid"},       {10, "pers"},        {11, "arch"},
        {12, "msgtype"},      {13, "subj_user"},  {14, "subj_role"}, {15, "subj_type"}, {16, "subj_sen"},    {17, "subj_clr"},
        {18, "ppid"},         {19, "obj_user"},   {20, "obj_role"},  {21, "obj_type"},  {22, "obj_lev_low"}, {23, "obj_lev_high"},
        {24, "loginuid_set"}, {25, "sessionid"},  {26, "fstype"},    {100, "devmajor"}, {101, "devminor"},   {102, "inode"},
        {103, "exit"},        {104, "success"},   {108, "filetype"}, {109, "obj_uid"},  {110, "obj_gid"},    {111, "field_compare"},
        {112, "exe"},         {113, "saddr_fam"}, {200, "a0"},       {201, "a1"},       {202, "a2"},         {203, "a3"}};
    for (const auto& [number, name] : names) {
        if (number == field) return name;
    }
    return fmt::format("field{}", field);
}

std::string operator_text(std::uint32_t flags) {
    switch (flags & static_cast<std::uint32_t>(AUDIT_OPERATORS)) {
        case AUDIT_EQUAL: return "=";
        case AUDIT_NOT_EQUAL: return "!=";
        case AUDIT_LESS_THAN: return "<";
        case AUDIT_GREATER_THAN: return ">";
        case AUDIT_LESS_THAN_OR_EQUAL: return "<=";
        case AUDIT_GREATER_THAN_OR_EQUAL: return ">=";
        case AUDIT_BIT_MASK: return "&";
        case AUDIT_BIT_TEST: return "&=";
        default: return "?";
    }
}

bool has_text(std::uint32_t field) {
    return (field >= AUDIT_SUBJ_USER && field <= AUDIT_SUBJ_CLR) || (field >= AUDIT_OBJ_USER && field <= AUDIT_OBJ_LEV_HIGH) || field == AUDIT_WATCH ||
           field == AUDIT_DIR || field == AUDIT_FILTERKEY || field == AUDIT_EXE;
}

std::string permissions_of(std::uint32_t bits) {
    std::string text;
    for (const auto& [bit, letter] : {std::pair{AUDIT_PERM_READ, 'r'}, {AUDIT_PERM_WRITE, 'w'}, {AUDIT_PERM_EXEC, 'x'}, {AUDIT_PERM_ATTR, 'a'}}) {
        if ((bits & static_cast<std::uint32_t>(bit)) != 0) text += letter;
    }
    return text;
}

std::string value_text(std::uint32_t field, std::uint32_t value) {
    if (field == AUDIT_ARCH) return (value & __AUDIT_ARCH_64BIT) != 0 ? "b64" : "b32";
    if (value == AUDIT_UID_UNSET) return "unset";
    return std::to_string(value);
}

std::string text_of(const AuditRule& rule, bool has_permissions) {
    std::string text = fmt::format("-a {},{}", rule.action, rule.list);
    for (const std::string& condition : rule.conditions) text += " -F " + condition;
    if (!rule.all_syscalls && rule.list == "exit") text += " -S (some)";
    if (!rule.kind.empty()) text += fmt::format(" -F {}={}", rule.kind, rule.path);
    if (has_permissions) text += " -F perm=" + rule.permissions;
    if (!rule.key.empty()) text += " -F key=" + rule.key;
    return text;
}

Result<AuditRule> parse_rule(std::string_view payload) {
    audit_rule_data header{};
    if (payload.size() < fixed_bytes) return fail(Code::corrupt, "audit: a rule cut short");
    std::memcpy(static_cast<void*>(&header), payload.data(), fixed_bytes);
    std::string_view texts = payload.substr(fixed_bytes);
    if (header.field_count > AUDIT_MAX_FIELDS || header.buflen > texts.size()) return fail(Code::corrupt, "audit: a rule with wrong lengths");
    texts = texts.substr(0, header.buflen);
    AuditRule rule;
    rule.list = list_name(header.flags);
    rule.action = action_name(header.action);
    rule.all_syscalls = std::all_of(header.mask, header.mask + syscall_words, [](std::uint32_t word) { return word == 0xFFFFFFFFU; });
    bool has_permissions = false;
    for (std::uint32_t i = 0; i < header.field_count; ++i) {
        const std::uint32_t field = header.fields[i];
        const std::uint32_t value = header.values[i];
        const std::string sign = operator_text(header.fieldflags[i]);
        std::string text;
        if (has_text(field)) {
            if (value > texts.size()) return fail(Code::corrupt, "audit: a rule whose texts are cut short");
            text = texts.substr(0, value);
            texts.remove_prefix(value);
        }
        if ((field == AUDIT_WATCH || field == AUDIT_DIR) && sign == "=") {
            rule.kind = field == AUDIT_DIR ? "dir" : "path";
            rule.path = text;
        } else if (field == AUDIT_PERM && sign == "=") {
            rule.permissions = permissions_of(value);
            has_permissions = true;
        } else if (field == AUDIT_FILTERKEY) {
            rule.key = text;
        } else {
            rule.conditions.push_back(field_name(field) + sign + (has_text(field) ? text : value_text(field, value)));
        }
    }
    rule.text = text_of(rule, has_permissions);
    return rule;
}

}  // namespace

Result<AuditStatus> parse_audit_status(std::string_view bytes) {
    const auto messages = parse_messages(bytes);
    if (!messages) return std::unexpected(messages.error());
    for (const Message& message : *messages) {
        if (message.type != AUDIT_GET) continue;
        // Older kernels send fewer fields: mask, enabled, failure, pid, rate_limit, backlog_limit, lost, backlog.
        const auto words = header_of<std::array<std::uint32_t, 8>>(message.payload);
        if (!words) return fail(Code::corrupt, "audit: a status cut short");
        return AuditStatus{(*words)[1] != 0, (*words)[1] == 2, (*words)[3], (*words)[6]};
    }
    return fail(Code::corrupt, "audit: no status in the answer");
}

Result<std::vector<AuditRule>> parse_audit_rules(std::string_view bytes) {
    const auto messages = parse_messages(bytes);
    if (!messages) return std::unexpected(messages.error());
    std::vector<AuditRule> rules;
    for (const Message& message : *messages) {
        if (message.type != AUDIT_LIST_RULES) continue;
        if (rules.size() == audit_rules_max) return fail(Code::limit_exceeded, "audit: too many rules");
        auto rule = parse_rule(message.payload);
        if (!rule) return std::unexpected(rule.error());
        rules.push_back(std::move(*rule));
    }
    return rules;
}

}  // namespace bulkhead::host
