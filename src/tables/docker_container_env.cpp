// SPDX-License-Identifier: Apache-2.0
// docker_container_env: environment variables of containers by name; values only where the user asked for them.
#include "tables/docker_rows.h"

namespace bulkhead::tables {

namespace {

struct EnvRow {
    const engine::Container* container = nullptr;
    const engine::EnvVariable* variable = nullptr;
    bool show_values = false;
};

}  // namespace

Table docker_container_env() {
    return make_table<EnvRow>({
        .name = "docker_container_env",
        .help = "Environment variables of containers. Values are null unless they were asked for: they hold secrets.",
        .columns =
            {
                {"container_id", Type::text, "container", [](const EnvRow& row) { return cell(row.container->id); }},
                {"container_name", Type::text, "its name", [](const EnvRow& row) { return cell(row.container->name); }},
                {"key", Type::text, "name of the variable", [](const EnvRow& row) { return cell(row.variable->name); }},
                {"name", Type::text, "the same as key", [](const EnvRow& row) { return cell(row.variable->name); }},
                {"value", Type::text, "null unless values were asked for",
                 [](const EnvRow& row) { return row.show_values ? cell(row.variable->value) : Cell{}; }},
                {"locator", Type::text, std::string(locator_help), [](const EnvRow& row) { return cell(row.container->locator()); }},
            },
        .keys = {"container_id"},
        .examples = {"select container_name, key from docker_container_env where key like '%PASSWORD%'"},
        .rows =
            [](Scan& scan) {
                std::vector<EnvRow> rows;
                for (const auto& container : containers_wanted(scan, "container_id")) {
                    for (const auto& variable : container.env) rows.push_back({&container, &variable, scan.facts().show_values});
                }
                return rows;
            },
    });
}

}  // namespace bulkhead::tables
