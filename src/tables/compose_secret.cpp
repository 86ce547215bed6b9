// SPDX-License-Identifier: Apache-2.0
// compose_secret: secrets and configs that the named Compose files define, where their content comes from and who is given it.
#include "tables/compose_rows.h"

namespace bulkhead::tables {

namespace {

struct Row : ComposeRow {
    std::string_view kind;
};

std::string_view source_of(const Row& row) {
    for (const std::string_view key : {"file", "environment", "content", "external"}) {
        if (row.tree->find(key) != nullptr) return key;
    }
    return {};
}

std::string services_given(const Row& row) {
    std::vector<std::string> names;
    const build::Tree* services = row.project->section("services");
    for (std::size_t i = 0; services != nullptr && i < services->keys.size(); ++i) {
        const build::Tree* list = services->items[i].find(row.kind == "secret" ? "secrets" : "configs");
        bool given = false;
        for (std::size_t j = 0; list != nullptr && j < list->items.size(); ++j) {
            const build::Tree* source = list->items[j].find("source");
            given = given || (source != nullptr && source->text == row.key->name);
        }
        if (given) names.push_back(services->keys[i].name);
    }
    return engine::array_text(names);
}

}  // namespace

Table compose_secret() {
    return make_table<Row>({
        .name = "compose_secret",
        .help = "Secrets and configs of the named Compose files. Contents are never shown.",
        .columns =
            {
                {"name", Type::text, "name", [](const Row& row) { return cell(row.key->name); }},
                {"kind", Type::text, "secret or config", [](const Row& row) { return cell(row.kind); }},
                {"content_from", Type::text, "file, environment, content (written in the file) or external",
                 [](const Row& row) { return cell(source_of(row)); }},
                {"file", Type::text, "path of the file", [](const Row& row) { return text_cell(row.tree->find("file")); }},
                {"environment", Type::text, "name of the variable", [](const Row& row) { return text_cell(row.tree->find("environment")); }},
                {"services", Type::json, "services that are given it", [](const Row& row) { return cell(services_given(row)); }},
                {"project", Type::text, "name of the project", [](const Row& row) { return cell(row.project->name); }},
                {"path", Type::text, "the file it stands in", [](const Row& row) { return cell(row.project->file(row.key->place)); }},
                {"line", Type::integer, "line", [](const Row& row) { return cell(row.key->place.at.line); }},
                {"column", Type::integer, "column", [](const Row& row) { return cell(row.key->place.at.column); }},
                {"locator", Type::text, "compose:FILE:LINE:COLUMN", [](const Row& row) { return cell(row.project->locator(row.key->place)); }},
            },
        .examples = {"select name, kind, content_from, services from compose_secret"},
        .rows =
            [](Scan& scan) {
                std::vector<Row> rows;
                for (const auto& row : section_rows(scan, "secrets")) rows.push_back({row, "secret"});
                for (const auto& row : section_rows(scan, "configs")) rows.push_back({row, "config"});
                return rows;
            },
    });
}

}  // namespace bulkhead::tables
