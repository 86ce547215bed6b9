// SPDX-License-Identifier: Apache-2.0
// audit_status: whether the kernel's audit is there and on, and who takes its records.
#include "host/audit_rules.h"
#include "tables/host_rows.h"

namespace bulkhead::tables {

namespace {

struct Row {
    bool is_supported = false;
    host::AuditStatus status;
    std::string locator;
};

std::vector<Row> read(Scan& scan) {
    auto& facts = scan.facts();
    if (!facts.host.engine_pid()) {
        report(scan, {facts.host.engine_problem()});
        return {};
    }
    const auto reading = facts.world.read(world::netlink_in("audit_status", 0));
    if (reading->absent()) return {{false, {}, reading->locator}};
    std::vector<host::Problem> problems;
    const auto status = host::parsed<host::AuditStatus>(*reading, host::parse_audit_status, problems, host::Absent::is_nothing);
    report(scan, problems);
    if (!status) return {};
    return {{true, *status, reading->locator}};
}

template <class Member>
auto status(Member host::AuditStatus::* member) {
    return [member](const Row& row) { return row.is_supported ? cell(row.status.*member) : Cell{}; };
}

}  // namespace

Table audit_status() {
    return make_table<Row>(
        TableSpec<Row>{.name = "audit_status",
                       .help = "the kernel's audit: is it there, is it on, who takes its records; one row",
                       .columns = {{"supported", Type::boolean, "this kernel has audit", of(&Row::is_supported)},
                                   {"enabled", Type::boolean, "is on", status(&host::AuditStatus::enabled)},
                                   {"locked", Type::boolean, "cannot be changed until the next boot", status(&host::AuditStatus::is_locked)},
                                   {"daemon_pid", Type::integer, "process that takes the records; 0: none", status(&host::AuditStatus::daemon)},
                                   {"lost", Type::integer, "records lost since boot", status(&host::AuditStatus::lost)},
                                   {"locator", Type::text, std::string(locator_help), of(&Row::locator)}},
                       .examples = {"select enabled, daemon_pid from audit_status"},
                       .rows = read});
}

}  // namespace bulkhead::tables
