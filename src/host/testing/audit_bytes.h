// SPDX-License-Identifier: Apache-2.0
// Makes audit answers for tests, as the kernel would send them: one rule or one status a message.
#pragma once

#include <linux/audit.h>

#include <cstddef>
#include <cstring>
#include <string>
#include <vector>

#include "host/testing/netlink_bytes.h"

namespace bulkhead::host::testing {

struct AuditField {
    std::uint32_t field = 0;
    std::uint32_t value = 0;  // of a text: ignored
    std::string text = {};
    std::uint32_t flags = AUDIT_EQUAL;
};

struct AuditRuleBytes {
    std::uint32_t list = AUDIT_FILTER_EXIT;
    std::uint32_t action = AUDIT_ALWAYS;
    std::vector<AuditField> fields;
    bool all_syscalls = true;
};

inline std::string audit_rule_message(const AuditRuleBytes& from) {
    audit_rule_data rule{};
    rule.flags = from.list;
    rule.action = from.action;
    if (from.all_syscalls) std::memset(rule.mask, 0xFF, sizeof rule.mask - sizeof rule.mask[0]);
    std::string texts;
    for (const AuditField& field : from.fields) {
        rule.fields[rule.field_count] = field.field;
        rule.values[rule.field_count] = field.text.empty() ? field.value : static_cast<std::uint32_t>(field.text.size());
        rule.fieldflags[rule.field_count++] = field.flags;
        texts += field.text;
    }
    rule.buflen = static_cast<std::uint32_t>(texts.size());
    return message(AUDIT_LIST_RULES, std::string(reinterpret_cast<const char*>(&rule), offsetof(audit_rule_data, buf)) + texts);
}

// -w PATH -p PERMISSIONS -k KEY, with the bits of linux/audit.h for the permissions.
inline std::string audit_watch(const std::string& path, std::uint32_t permissions = 15, std::uint32_t kind = AUDIT_WATCH) {
    return audit_rule_message({.fields = {{kind, 0, path}, {AUDIT_PERM, permissions}, {AUDIT_FILTERKEY, 0, "docker"}}});
}

inline std::string audit_status_message(std::uint32_t enabled, std::uint32_t pid) {
    audit_status status{};
    status.enabled = enabled;
    status.pid = pid;
    return message(AUDIT_GET, raw(status));
}

}  // namespace bulkhead::host::testing
