// SPDX-License-Identifier: Apache-2.0
// The rules of /etc/audit/audit.rules and /etc/audit/rules.d in the engine's root, for the tables that compare them with the kernel's.
#pragma once

#include <string>
#include <vector>

#include "host/audit_rule_file.h"
#include "tables/table.h"

namespace bulkhead::tables {

struct AuditFileRow {
    std::string file;
    host::AuditFileRule found;
    std::string locator;
};

std::vector<AuditFileRow> audit_file_rows(Scan& scan);

}  // namespace bulkhead::tables
