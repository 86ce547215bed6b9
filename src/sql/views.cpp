// SPDX-License-Identifier: Apache-2.0
#include "sql/views.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/resources.h"
#include "base/text.h"

namespace bulkhead::sql {

namespace {

constexpr std::string_view folder = "views/";
constexpr std::string_view opening = "create temp view ";

std::vector<View> views_of(std::string_view dialect, std::string_view text) {
    std::vector<View> views;
    bool inside = false;
    for (const std::string_view line : text::lines(text)) {
        if (line.starts_with(opening)) {
            views.push_back({std::string(text::words(line).at(3)), std::string(dialect), {}});
            inside = true;
        }
        if (!inside) continue;
        views.back().sql.append(line).append("\n");
        inside = !line.ends_with(';');
    }
    return views;
}

Result<void> execute(sqlite3* database, const std::string& sql) {
    char* message = nullptr;
    if (sqlite3_exec(database, sql.c_str(), nullptr, nullptr, &message) == SQLITE_OK) return {};
    std::string text = message == nullptr ? "SQLite does not say why" : message;
    sqlite3_free(message);
    return fail(Code::internal, std::move(text));
}

// Whether the file that is open, or the temporary schema, has something of this name.
Result<bool> is_taken(sqlite3* database, const std::string& name) {
    sqlite3_stmt* statement = nullptr;
    const char* sql =
        "select 1 from main.sqlite_schema where name = ?1 collate nocase union all select 1 from temp.sqlite_schema where name = ?1 collate nocase";
    if (sqlite3_prepare_v2(database, sql, -1, &statement, nullptr) != SQLITE_OK) return fail(Code::internal, sqlite3_errmsg(database));
    sqlite3_bind_text(statement, 1, name.c_str(), -1, SQLITE_TRANSIENT);
    const int step = sqlite3_step(statement);
    sqlite3_finalize(statement);
    if (step != SQLITE_ROW && step != SQLITE_DONE) return fail(Code::internal, sqlite3_errmsg(database));
    return step == SQLITE_ROW;
}

}  // namespace

const std::vector<View>& peer_views() {
    static const std::vector<View> all = [] {
        std::vector<View> views;
        for (const Resource& resource : resources()) {
            if (!resource.path.starts_with(folder) || !resource.path.ends_with(".sql")) continue;
            const std::string_view file = resource.path.substr(folder.size());
            for (View& view : views_of(file.substr(0, file.rfind('.')), resource.bytes)) views.push_back(std::move(view));
        }
        return views;
    }();
    return all;
}

std::vector<std::string> dialects() {
    std::vector<std::string> names;
    for (const View& view : peer_views()) {
        if (std::ranges::find(names, view.dialect) == names.end()) names.push_back(view.dialect);
    }
    std::ranges::sort(names);
    return names;
}

Result<void> make_views(sqlite3* database, std::string_view dialect, const std::vector<tables::Table>& tables, std::vector<std::string>& made) {
    const std::vector<std::string> known = dialects();
    if (!dialect.empty() && std::ranges::find(known, dialect) == known.end())
        return fail(Code::invalid_input, fmt::format("no dialect is named \"{}\" (there are: {})", text::printable(dialect), text::join(known, ", ")));
    while (!made.empty()) {
        if (auto dropped = execute(database, "drop view if exists temp." + made.back()); !dropped) return dropped;
        made.pop_back();
    }
    for (const View& view : peer_views()) {
        const bool wanted = view.dialect == dialect;
        const bool ours = std::ranges::find(tables, view.name, &tables::Table::name) != tables.end();
        if (!wanted && ours) continue;
        const auto taken = is_taken(database, view.name);
        if (!taken) return std::unexpected(taken.error());
        if (*taken && wanted)
            return fail(Code::invalid_input, fmt::format("the database has a {} of its own, in the place of the one of {}", view.name, view.dialect));
        if (*taken) continue;
        if (auto created = execute(database, view.sql); !created) return std::unexpected(created.error().in("view " + view.name));
        made.push_back(view.name);
    }
    return {};
}

}  // namespace bulkhead::sql
