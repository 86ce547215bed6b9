// SPDX-License-Identifier: Apache-2.0
// docker_release: this engine's version beside the newest that this program knows of; one row.
#include "base/clock.h"
#include "engine/advisories.h"
#include "tables/docker_rows.h"

namespace bulkhead::tables {

namespace {

struct Row {
    std::string version;
    std::optional<engine::EngineRelease> release;
    std::string locator;
};

std::vector<Row> read(Scan& scan) {
    std::vector<Row> rows;
    for (const engine::Version& version : items_of(scan, scan.facts().engine.version()))
        rows.push_back({version.version, engine::parse_engine_release(version.version), version.source->locator});
    return rows;
}

// -1: older than the newest known, 0: it, 1: newer.
Cell order(const Row& row) {
    if (!row.release) return {};
    const auto newest = engine::parse_engine_release(engine::newest_known_release)->number;
    return cell(row.release->number < newest ? -1 : row.release->number == newest ? 0 : 1);
}

}  // namespace

Table docker_release() {
    return make_table<Row>(TableSpec<Row>{
        .name = "docker_release",
        .help = "this engine's version and the newest release that this program knows of",
        .columns = {{"version", Type::text, "of this engine", of(&Row::version)},
                    {"repackaged", Type::boolean, "a build of a distribution, which may carry fixes that the number does not tell; null: not known",
                     [](const Row& row) { return row.release ? cell(row.release->is_repackaged) : Cell{}; }},
                    {"compared", Type::integer, "-1: older than the newest known, 0: the newest known, 1: newer; null: no version", order},
                    {"newest_known", Type::text, "newest release known here", [](const Row&) { return cell(engine::newest_known_release); }},
                    {"known_until", Type::text, "the day of that release: what came later is not known",
                     [](const Row&) { return cell(engine::newest_known_release_date); }},
                    {"locator", Type::text, std::string(locator_help), of(&Row::locator)}},
        .examples = {"select version, newest_known, known_until from docker_release"},
        .rows = read});
}

}  // namespace bulkhead::tables
