// SPDX-License-Identifier: Apache-2.0
// docker_container_label: labels of containers, one a row.
#include "tables/docker_rows.h"
#include "world/redact.h"

namespace bulkhead::tables {

namespace {

struct LabelRow {
    const engine::Container* container = nullptr;
    const std::string* key = nullptr;
    std::string value;
};

}  // namespace

Table docker_container_label() {
    return make_table<LabelRow>({
        .name = "docker_container_label",
        .help = "Labels of containers.",
        .columns =
            {
                {"container_id", Type::text, "container", [](const LabelRow& row) { return cell(row.container->id); }},
                {"container_name", Type::text, "its name", [](const LabelRow& row) { return cell(row.container->name); }},
                {"key", Type::text, "label", [](const LabelRow& row) { return cell(*row.key); }},
                {"value", Type::text, "its value; <redacted> where the key looks like a secret's", [](const LabelRow& row) { return cell(row.value); }},
                {"locator", Type::text, std::string(locator_help), [](const LabelRow& row) { return cell(row.container->locator()); }},
            },
        .keys = {"container_id"},
        .examples = {"select container_name, value from docker_container_label where key = 'com.docker.compose.project'"},
        .rows =
            [](Scan& scan) {
                std::vector<LabelRow> rows;
                const bool show = scan.facts().show_values;
                for (const auto& container : containers_wanted(scan, "container_id")) {
                    for (const auto& [key, value] : container.labels) {
                        const bool hide = !show && !value.empty() && world::looks_secret(key);
                        rows.push_back({&container, &key, hide ? std::string(world::redaction_mark) : (show ? value : world::redact_text(value))});
                    }
                }
                return rows;
            },
    });
}

}  // namespace bulkhead::tables
