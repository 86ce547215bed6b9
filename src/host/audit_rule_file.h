// SPDX-License-Identifier: Apache-2.0
// Files of audit rules (audit.rules(7)): what is loaded at the next start of the audit daemon, not what is in force. Any thread.
#pragma once

#include <string_view>
#include <vector>

#include "host/audit_rules.h"

namespace bulkhead::host {

struct AuditFileRule {
    std::int64_t line = 0;  // from 1
    AuditRule rule;
};

// Lines that are options of the whole (-D, -b, -e, ...) or comments are left out; a line that is none of these and no rule either is
// one whose action is "not understood".
Result<std::vector<AuditFileRule>> parse_audit_rule_file(std::string_view bytes);

}  // namespace bulkhead::host
