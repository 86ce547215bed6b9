// SPDX-License-Identifier: Apache-2.0
#include "audit/run.h"

#include "audit/evaluate.h"
#include "audit/select.h"
#include "base/clock.h"
#include "base/version.h"

namespace bulkhead::audit {

namespace {

// Who was audited. What cannot be read is simply not said here: the results say it.
std::vector<std::pair<std::string, std::string>> describe_host(sql::Database& database) {
    std::vector<std::pair<std::string, std::string>> host;
    const auto set = database.run("select name, server_version as engine_version, operating_system, kernel_version as kernel, architecture from docker_info");
    if (!set || set->rows.empty()) return host;
    for (std::size_t i = 0; i < set->columns.size(); ++i) {
        if (const auto* text = std::get_if<std::string>(&set->rows[0][i])) host.emplace_back(set->columns[i], *text);
    }
    return host;
}

}  // namespace

bulkhead::Result<Audit> run(const Catalog& catalog, sql::Database& database, tables::Facts& facts, const Selection& selection, const Progress& progress) {
    auto chosen = choose(catalog, selection);
    if (!chosen) return std::unexpected(chosen.error());
    const auto engine = facts.world.read(world::engine_get("/info"));
    if (!engine->present()) return fail(engine->outcome == world::Outcome::denied ? Code::permission_denied : Code::unavailable, engine->reason);
    Audit audit;
    audit.started_at = now_ms();
    audit.as_of = facts.world.as_of();
    audit.tool_version = version;
    audit.benchmarks = std::move(chosen->benchmarks);
    for (const Control* control : chosen->controls) {
        if (progress) progress(audit.controls.size(), chosen->controls.size(), control->id);
        audit.controls.push_back(*control);
        auto results = evaluate(*control, database);
        audit.results.insert(audit.results.end(), std::make_move_iterator(results.begin()), std::make_move_iterator(results.end()));
    }
    audit.host = describe_host(database);
    if (auto filtered = filter_results(audit.results, catalog, selection, database); !filtered) return std::unexpected(filtered.error());
    for (const auto& reading : facts.world.unreadable()) audit.blind_spots.emplace_back(reading->locator, reading->reason);
    return audit;
}

}  // namespace bulkhead::audit
