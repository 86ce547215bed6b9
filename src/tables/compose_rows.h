// SPDX-License-Identifier: Apache-2.0
// What the compose_* tables share: rows that are a key and its tree, and the columns that tell where it stands.
#pragma once

#include <string>
#include <vector>

#include "tables/build_rows.h"

namespace bulkhead::tables {

struct ComposeRow {
    const build::Project* project = nullptr;
    const build::Key* key = nullptr;
    const build::Tree* tree = nullptr;
    const build::Key* service = nullptr;  // whose it is; null: the project's own
    const build::Tree* service_tree = nullptr;
    bool active = true;
    bool show_values = false;
};

// The entries of a section (services, networks, ...) of the project.
std::vector<ComposeRow> section_rows(Scan& scan, std::string_view section);
// The items of a list (ports, volumes) of every service; key stays null.
std::vector<ComposeRow> item_rows(Scan& scan, std::string_view list);

// A value by its path: {"deploy", "resources", "limits"}; null: not there.
const build::Tree* value_at(const build::Tree* tree, std::initializer_list<std::string_view> path);
bool is_unresolved(const build::Tree& tree);   // a variable in it, or below it, has no value here
std::string names_of(const build::Tree* map);  // keys of a mapping as a JSON list

// Columns: project, path, line, column, locator; of the row's key, or of its tree where it has none.
std::vector<Column<ComposeRow>> with_place(std::vector<Column<ComposeRow>> columns);

inline auto text_at(std::string_view key) {
    return [key](const ComposeRow& row) { return text_cell(row.tree->find(key)); };
}
inline auto boolean_at(std::string_view key) {
    return [key](const ComposeRow& row) { return boolean_cell(row.tree->find(key)); };
}
inline auto json_at(std::string_view key) {
    return [key](const ComposeRow& row) {
        const build::Tree* found = row.tree->find(key);
        return found == nullptr || found->kind == build::TreeKind::nothing ? Cell{} : cell(json_of(*found, row.show_values));
    };
}

}  // namespace bulkhead::tables
