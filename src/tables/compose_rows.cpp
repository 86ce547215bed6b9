// SPDX-License-Identifier: Apache-2.0
#include "tables/compose_rows.h"

#include <algorithm>

namespace bulkhead::tables {

namespace {

const build::Place& place_of(const ComposeRow& row) { return row.key != nullptr ? row.key->place : row.tree->place; }

}  // namespace

std::vector<ComposeRow> section_rows(Scan& scan, std::string_view section) {
    std::vector<ComposeRow> rows;
    const build::Project* project = compose_project(scan);
    const build::Tree* found = project == nullptr ? nullptr : project->section(section);
    if (found == nullptr) return rows;
    const auto& profiles = scan.facts().build().input().compose.profiles;
    for (std::size_t i = 0; i < found->keys.size(); ++i) {
        if (!found->items[i].is_map()) continue;
        const bool active = section != "services" || build::is_active(found->items[i], profiles);
        rows.push_back({project, &found->keys[i], &found->items[i], nullptr, nullptr, active, scan.facts().show_values});
    }
    return rows;
}

std::vector<ComposeRow> item_rows(Scan& scan, std::string_view list) {
    std::vector<ComposeRow> rows;
    for (const ComposeRow& service : section_rows(scan, "services")) {
        const build::Tree* found = service.tree->find(list);
        if (found == nullptr) continue;
        for (const build::Tree& item : found->items)
            rows.push_back({service.project, nullptr, &item, service.key, service.tree, service.active, service.show_values});
    }
    return rows;
}

const build::Tree* value_at(const build::Tree* tree, std::initializer_list<std::string_view> path) {
    for (const std::string_view key : path) tree = tree == nullptr ? nullptr : tree->find(key);
    return tree;
}

bool is_unresolved(const build::Tree& tree) { return !tree.known || std::ranges::any_of(tree.items, is_unresolved); }

std::string names_of(const build::Tree* map) {
    std::vector<std::string> names;
    if (map != nullptr) {
        for (const build::Key& key : map->keys) names.push_back(key.name);
    }
    return engine::array_text(names);
}

std::vector<Column<ComposeRow>> with_place(std::vector<Column<ComposeRow>> columns) {
    std::vector<Column<ComposeRow>> place = {
        {"project", Type::text, "name of the project", [](const ComposeRow& row) { return cell(row.project->name); }},
        {"path", Type::text, "the file it stands in", [](const ComposeRow& row) { return cell(row.project->file(place_of(row))); }},
        {"line", Type::integer, "line", [](const ComposeRow& row) { return cell(place_of(row).at.line); }},
        {"column", Type::integer, "column", [](const ComposeRow& row) { return cell(place_of(row).at.column); }},
        {"locator", Type::text, "compose:FILE:LINE:COLUMN", [](const ComposeRow& row) { return cell(row.project->locator(place_of(row))); }},
    };
    columns.insert(columns.end(), std::make_move_iterator(place.begin()), std::make_move_iterator(place.end()));
    return columns;
}

}  // namespace bulkhead::tables
