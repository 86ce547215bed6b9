// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/text.h"
#include "host/audit_rules.h"
#include "host/engine_sockets.h"

namespace bulkhead::host {

namespace {

std::string_view without_slash(std::string_view path) {
    while (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
    return path;
}

bool names(const AuditRule& rule, std::string_view path) {
    const std::string_view own = without_slash(rule.path);
    return own == path || ((rule.kind == "dir" || rule.kind == "watch") && is_same_or_above(own, path));
}

// What a rule that names the file leaves out; empty: nothing.
std::string gap_of(const AuditRule& rule, std::string_view path, bool is_directory) {
    if (!rule.conditions.empty()) return fmt::format("only where {}", text::join(rule.conditions, " and "));
    if (!rule.all_syscalls) return "only for some system calls";
    if (rule.permissions.find('w') == std::string::npos || rule.permissions.find('a') == std::string::npos)
        return fmt::format("only for {}, not for both writes (w) and attributes (a)", rule.permissions);
    if (is_directory && rule.kind == "path" && without_slash(rule.path) == path) return "only for the folder itself and not for what is in it";
    return {};
}

bool is_file_rule(const AuditRule& rule) { return rule.list == "exit" || rule.list == "entry"; }

}  // namespace

std::string_view name(AuditCoverage::Verdict verdict) {
    switch (verdict) {
        case AuditCoverage::Verdict::recorded: return "recorded";
        case AuditCoverage::Verdict::partly: return "partly";
        default: return "none";
    }
}

AuditCoverage audit_coverage(const std::vector<AuditRule>& rules, std::string_view path, bool is_directory) {
    AuditCoverage best;
    const AuditRule* silenced_by = nullptr;  // the first rule that matches decides (auditctl(8))
    for (const AuditRule& rule : rules) {
        if (!is_file_rule(rule)) continue;
        const bool is_named = !rule.kind.empty() && names(rule, path);
        const bool is_for_all = rule.kind.empty() && rule.all_syscalls;
        if (rule.action == "never" && (is_named || is_for_all) && silenced_by == nullptr) silenced_by = &rule;
        if (rule.action != "always" || !is_named) continue;
        std::string gap = gap_of(rule, path, is_directory);
        if (gap.empty() && silenced_by != nullptr) gap = "an earlier rule leaves something out: " + silenced_by->text;
        if (gap.empty()) return {AuditCoverage::Verdict::recorded, &rule, {}};
        if (best.rule == nullptr) best = {AuditCoverage::Verdict::partly, &rule, std::move(gap)};
    }
    return best;
}

const AuditRule* audit_switch_off(const std::vector<AuditRule>& rules) {
    for (const AuditRule& rule : rules) {
        if (rule.list != "task") continue;
        if (rule.action != "never") return nullptr;
        if (rule.conditions.empty()) return &rule;
    }
    return nullptr;
}

}  // namespace bulkhead::host
