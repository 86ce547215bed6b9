// SPDX-License-Identifier: Apache-2.0
// docker_advisory: flaws known of released engines when this program was made, and whether this engine's version has them.
#include "engine/advisories.h"

#include "tables/docker_rows.h"

namespace bulkhead::tables {

namespace {

struct Row {
    engine::Advisory advisory;
    std::string version;
    std::optional<bool> concerned;
    std::string locator;
};

std::vector<Row> read(Scan& scan) {
    std::vector<Row> rows;
    for (const engine::Version& version : items_of(scan, scan.facts().engine.version())) {
        const auto release = engine::parse_engine_release(version.version);
        for (const engine::Advisory& advisory : engine::advisories()) {
            const auto concerned = release ? std::optional(advisory.concerns(release->number)) : std::nullopt;
            rows.push_back({advisory, version.version, concerned, version.source->locator});
        }
    }
    return rows;
}

}  // namespace

Table docker_advisory() {
    return make_table<Row>(TableSpec<Row>{
        .name = "docker_advisory",
        .help = "flaws known of released engines when this program was made",
        .columns = {{"id", Type::text, "CVE-YEAR-NUMBER; one row for each range of versions", [](const Row& row) { return cell(row.advisory.id); }},
                    {"summary", Type::text, "what it is", [](const Row& row) { return cell(row.advisory.summary); }},
                    {"introduced", Type::text, "first version that has it; null: the first there was",
                     [](const Row& row) { return text_or_null(std::string(row.advisory.introduced)); }},
                    {"fixed", Type::text, "first version that has it no more", [](const Row& row) { return cell(row.advisory.fixed); }},
                    {"version", Type::text, "of this engine", of(&Row::version)},
                    {"concerned", Type::boolean, "this engine's version has it; null: a version that says nothing", of(&Row::concerned)},
                    {"locator", Type::text, std::string(locator_help), of(&Row::locator)}},
        .examples = {"select id, summary, fixed from docker_advisory where concerned"},
        .rows = read});
}

}  // namespace bulkhead::tables
