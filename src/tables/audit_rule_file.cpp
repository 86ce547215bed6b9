// SPDX-License-Identifier: Apache-2.0
// audit_rule_file: rules as the files of the audit daemon have them: what is loaded at its next start, not what is in force.
#include "tables/audit_rule_files.h"
#include "tables/host_rows.h"

namespace bulkhead::tables {

namespace {

using Row = AuditFileRow;

template <class Member>
auto rule(Member host::AuditRule::* member) {
    return [member](const Row& row) { return cell(row.found.rule.*member); };
}

}  // namespace

Table audit_rule_file() {
    return make_table<Row>(
        TableSpec<Row>{.name = "audit_rule_file",
                       .help = "audit rules in /etc/audit: loaded at the daemon's next start",
                       .columns = {{"file", Type::text, "path in the engine's root", of(&Row::file)},
                                   {"line", Type::integer, "from 1", [](const Row& row) { return cell(row.found.line); }},
                                   {"list", Type::text, "exit, task, user, exclude, filesystem", rule(&host::AuditRule::list)},
                                   {"action", Type::text, "always, never, not understood", rule(&host::AuditRule::action)},
                                   {"kind", Type::text, "path, dir, watch (-w: one of both)", [](const Row& row) { return text_or_null(row.found.rule.kind); }},
                                   {"path", Type::text, "file or folder", [](const Row& row) { return text_or_null(row.found.rule.path); }},
                                   {"permissions", Type::text, "kinds of access out of rwxa", rule(&host::AuditRule::permissions)},
                                   {"key", Type::text, "name that its records carry", [](const Row& row) { return text_or_null(row.found.rule.key); }},
                                   {"conditions", Type::json, "what else must hold", rule(&host::AuditRule::conditions)},
                                   {"text", Type::text, "the line", rule(&host::AuditRule::text)},
                                   {"locator", Type::text, std::string(locator_help), of(&Row::locator)}},
                       .examples = {"select file, line, text from audit_rule_file where path like '%docker%'"},
                       .rows = audit_file_rows});
}

}  // namespace bulkhead::tables
