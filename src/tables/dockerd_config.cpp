// SPDX-License-Identifier: Apache-2.0
// dockerd_config: the effective value of each setting of the engine, and whether it came from a flag, the file or the default.
#include "host/dockerd_config.h"

#include "tables/host_rows.h"

namespace bulkhead::tables {

namespace {

using Row = host::DaemonSetting;

std::vector<Row> read(Scan& scan) {
    auto& facts = scan.facts();
    // Without the engine's version some defaults are unknown; that is told by their null, and the engine's failure by its own tables.
    const auto& version = facts.engine.version();
    const auto text = version.items.empty() ? std::nullopt : std::optional(version.items.front().version);
    auto found = host::dockerd_config(facts.host, text);
    report(scan, found.problems);
    return std::move(found.items);
}

}  // namespace

Table dockerd_config() {
    return make_table<Row>(
        TableSpec<Row>{.name = "dockerd_config",
                       .help = "effective settings of dockerd and where each came from",
                       .columns = {{"name", Type::text, "as in daemon.json", of(&Row::name)},
                                   {"value", Type::json, "as JSON; null: a default that is not known", of(&Row::value)},
                                   {"source", Type::text, "flag, file, default", of(&Row::source)},
                                   {"conflict", Type::boolean, "given by flag and in the file: dockerd refuses to start so", of(&Row::conflict)},
                                   {"documented_default", Type::json, "of this engine's version; null: not known", of(&Row::documented_default)},
                                   {"note", Type::text, "what the value means, or where it differs", [](const Row& row) { return text_or_null(row.note); }},
                                   {"locator", Type::text, std::string(locator_help), of(&Row::locator)}},
                       .examples = {"select name, value, source from dockerd_config where source <> 'default'"},
                       .rows = read});
}

}  // namespace bulkhead::tables
