// SPDX-License-Identifier: Apache-2.0
// audit_rule: the audit rules that the kernel has in force, in its order.
#include "host/audit_rules.h"
#include "tables/host_rows.h"

namespace bulkhead::tables {

namespace {

struct Row {
    std::int64_t position = 0;
    host::AuditRule rule;
    std::string locator;
};

std::vector<Row> read(Scan& scan) {
    auto& facts = scan.facts();
    if (!facts.host.engine_pid()) {
        report(scan, {facts.host.engine_problem()});
        return {};
    }
    const auto reading = facts.world.read(world::netlink_in("audit_rules", 0));
    std::vector<host::Problem> problems;
    auto rules = host::parsed<std::vector<host::AuditRule>>(*reading, host::parse_audit_rules, problems, host::Absent::is_nothing);
    report(scan, problems);
    std::vector<Row> rows;
    if (!rules) return rows;
    for (host::AuditRule& rule : *rules) rows.push_back({static_cast<std::int64_t>(rows.size()) + 1, std::move(rule), reading->locator});
    return rows;
}

template <class Member>
auto rule(Member host::AuditRule::* member) {
    return [member](const Row& row) { return cell(row.rule.*member); };
}

}  // namespace

Table audit_rule() {
    return make_table<Row>(
        TableSpec<Row>{.name = "audit_rule",
                       .help = "audit rules in force in the kernel",
                       .columns = {{"position", Type::integer, "from 1; the first rule of a list that matches decides", of(&Row::position)},
                                   {"list", Type::text, "exit, task, user, exclude, filesystem, io_uring", rule(&host::AuditRule::list)},
                                   {"action", Type::text, "always, never", rule(&host::AuditRule::action)},
                                   {"kind", Type::text, "path: one file; dir: a folder and all below; null: names no file",
                                    [](const Row& row) { return text_or_null(row.rule.kind); }},
                                   {"path", Type::text, "file or folder", [](const Row& row) { return text_or_null(row.rule.path); }},
                                   {"permissions", Type::text, "kinds of access out of rwxa (a: attributes)", rule(&host::AuditRule::permissions)},
                                   {"key", Type::text, "name that its records carry", [](const Row& row) { return text_or_null(row.rule.key); }},
                                   {"all_syscalls", Type::boolean, "is for every system call", rule(&host::AuditRule::all_syscalls)},
                                   {"conditions", Type::json, "what else must hold", rule(&host::AuditRule::conditions)},
                                   {"text", Type::text, "as auditctl would be given it", rule(&host::AuditRule::text)},
                                   {"locator", Type::text, std::string(locator_help), of(&Row::locator)}},
                       .examples = {"select path, permissions, key from audit_rule where path is not null"},
                       .rows = read});
}

}  // namespace bulkhead::tables
