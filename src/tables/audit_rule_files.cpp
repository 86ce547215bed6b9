// SPDX-License-Identifier: Apache-2.0
#include "tables/audit_rule_files.h"

#include "base/text.h"
#include "tables/host_rows.h"

namespace bulkhead::tables {

std::vector<AuditFileRow> audit_file_rows(Scan& scan) {
    auto& facts = scan.facts();
    if (!facts.host.engine_pid()) {
        report(scan, {facts.host.engine_problem()});
        return {};
    }
    const std::int64_t engine = *facts.host.engine_pid();
    std::vector<std::string> files = {"/etc/audit/audit.rules"};
    const auto folder = facts.world.read(world::directory_at("/etc/audit/rules.d", engine));
    if (folder->unreadable()) scan.failed(*folder);
    for (const std::string_view name : text::lines(folder->bytes)) {
        if (name.ends_with(".rules")) files.push_back("/etc/audit/rules.d/" + std::string(name));
    }
    std::vector<AuditFileRow> rows;
    std::vector<host::Problem> problems;
    for (const std::string& file : files) {
        const auto reading = facts.world.read(world::file_at(file, engine));
        auto rules = host::parsed<std::vector<host::AuditFileRule>>(*reading, host::parse_audit_rule_file, problems, host::Absent::is_nothing);
        if (!rules) continue;
        for (auto& rule : *rules) rows.push_back({file, std::move(rule), reading->locator});
    }
    report(scan, problems);
    return rows;
}

}  // namespace bulkhead::tables
