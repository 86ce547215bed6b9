// SPDX-License-Identifier: Apache-2.0
#include "sql/virtual_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/text.h"

namespace bulkhead::sql {

using tables::Cell;
using tables::Type;

namespace {

struct VirtualTable : sqlite3_vtab {
    TableState* state = nullptr;
};

struct Cursor : sqlite3_vtab_cursor {
    CachedRows* rows = nullptr;
    const std::vector<std::size_t>* chosen = nullptr;  // rows of an index; null: all
    std::size_t at = 0;

    [[nodiscard]] std::size_t count() const { return rows == nullptr ? 0 : chosen != nullptr ? chosen->size() : rows->made->rows.size; }
    [[nodiscard]] std::size_t row() const { return chosen != nullptr ? (*chosen)[at] : at; }
};

std::string number_key(double value) { return fmt::format("{}", value + 0.0); }  // -0.0 equals 0.0

// Equality as SQLite's column affinity would have it (https://www.sqlite.org/datatype3.html#comparison_expressions): numbers for
// numeric columns, text for the others. Null equals nothing.
std::optional<std::string> key_of(const Cell& cell, Type type) {
    if (std::holds_alternative<std::monostate>(cell)) return std::nullopt;
    if (const auto* integer = std::get_if<std::int64_t>(&cell)) {
        return type == Type::text || type == Type::json ? std::to_string(*integer) : number_key(static_cast<double>(*integer));
    }
    if (const auto* real = std::get_if<double>(&cell)) return number_key(*real);
    return std::get<std::string>(cell);
}

std::optional<std::string> key_of(sqlite3_value* value, Type type) {
    if (sqlite3_value_type(value) == SQLITE_NULL) return std::nullopt;
    if (type != Type::text && type != Type::json && sqlite3_value_numeric_type(value) != SQLITE_TEXT) return number_key(sqlite3_value_double(value));
    const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(value));
    return text == nullptr ? std::string() : std::string(text, static_cast<std::size_t>(sqlite3_value_bytes(value)));
}

const char* declared_type(Type type) {
    switch (type) {
        case Type::integer:
        case Type::boolean: return "integer";
        case Type::real: return "real";
        default: return "text";
    }
}

std::string quoted(const std::string& name) { return '"' + name + '"'; }

int connect(sqlite3* database, void* aux, int, const char* const*, sqlite3_vtab** out, char** error) {
    auto* state = static_cast<TableState*>(aux);
    std::string sql = "create table x(";
    for (const auto& column : state->table.columns) {
        sql += (sql.back() == '(' ? "" : ", ") + quoted(column.name) + " " + declared_type(column.type);
    }
    sql += ")";
    const bool declaring = std::exchange(*state->declaring, true);
    const int result = sqlite3_declare_vtab(database, sql.c_str());
    *state->declaring = declaring;
    if (result != SQLITE_OK) {
        *error = sqlite3_mprintf("%s: %s", state->table.name.c_str(), sqlite3_errmsg(database));
        return result;
    }
    sqlite3_vtab_config(database, SQLITE_VTAB_DIRECTONLY);
    auto table = std::make_unique<VirtualTable>();
    table->state = state;
    *out = table.release();
    return SQLITE_OK;
}

int disconnect(sqlite3_vtab* table) {
    delete static_cast<VirtualTable*>(table);
    return SQLITE_OK;
}

bool contains(const std::vector<std::string>& names, const std::string& name) { return std::ranges::find(names, name) != names.end(); }

// Ends the statement with this message.
int refuse(sqlite3_vtab* table, const std::string& message) {
    sqlite3_free(table->zErrMsg);
    table->zErrMsg = sqlite3_mprintf("%s", message.c_str());
    return SQLITE_ERROR;
}

// A bound of a column whose table can make use of it: '>' from below, '<' from above, nothing for other constraints.
char bound_of(unsigned char op) {
    switch (op) {
        case SQLITE_INDEX_CONSTRAINT_GE:
        case SQLITE_INDEX_CONSTRAINT_GT: return '>';
        case SQLITE_INDEX_CONSTRAINT_LE:
        case SQLITE_INDEX_CONSTRAINT_LT: return '<';
        default: return 0;
    }
}

// Takes every usable equality, and bounds where the table knows them; what is left over SQLite checks itself. The plan is the list of
// columns, as "3,5,7>,7<".
int best_index(sqlite3_vtab* base, sqlite3_index_info* info) {
    const tables::Table& table = static_cast<VirtualTable*>(base)->state->table;
    std::vector<std::string> plan;
    std::vector<std::string> given;
    bool unusable_required = false;
    double cost = 100'000;
    for (int i = 0; i < info->nConstraint; ++i) {
        const auto& constraint = info->aConstraint[i];
        if (constraint.iColumn < 0) continue;
        const std::string& column = table.columns[static_cast<std::size_t>(constraint.iColumn)].name;
        if (const char bound = bound_of(constraint.op); bound != 0 && constraint.usable != 0 && contains(table.ranges, column)) {
            if (std::string_view(sqlite3_vtab_collation(info, i)) != "BINARY" || contains(given, column + bound)) continue;
            given.push_back(column + bound);
            plan.push_back(std::to_string(constraint.iColumn) + bound);
            info->aConstraintUsage[i].argvIndex = static_cast<int>(plan.size());
            cost = std::min(cost, 10'000.0);
            continue;
        }
        if (constraint.op != SQLITE_INDEX_CONSTRAINT_EQ) continue;
        const bool required = contains(table.required, column);
        if (constraint.usable == 0) {
            unusable_required = unusable_required || required;
            continue;
        }
        if (std::string_view(sqlite3_vtab_collation(info, i)) != "BINARY" || contains(given, column)) continue;
        given.push_back(column);
        plan.push_back(std::to_string(constraint.iColumn));
        info->aConstraintUsage[i].argvIndex = static_cast<int>(plan.size());
        cost = std::min(cost, contains(table.keys, column) ? 10.0 : required ? 100.0 : 50.0);
    }
    for (const std::string& required : table.required) {
        if (contains(given, required)) continue;
        if (unusable_required) return SQLITE_CONSTRAINT;
        return refuse(base, fmt::format("table {0} needs a {1}: add `where {1} = '...'` (or join on it)", table.name, required));
    }
    info->idxStr = sqlite3_mprintf("%s", text::join(plan, ",").c_str());
    info->needToFreeIdxStr = 1;
    info->estimatedCost = cost;
    info->estimatedRows = static_cast<sqlite3_int64>(cost / 5);
    return SQLITE_OK;
}

int open_cursor(sqlite3_vtab* base, sqlite3_vtab_cursor** out) {
    *out = std::make_unique<Cursor>().release();
    ++static_cast<VirtualTable*>(base)->state->cursors_open;
    return SQLITE_OK;
}

int close_cursor(sqlite3_vtab_cursor* cursor) {
    --static_cast<VirtualTable*>(cursor->pVtab)->state->cursors_open;
    delete static_cast<Cursor*>(cursor);
    return SQLITE_OK;
}

const std::vector<std::size_t>* lookup(CachedRows& cached, const tables::Table& table, std::size_t column, const std::string& value) {
    static const std::vector<std::size_t> none;
    auto index = cached.indexes.find(column);
    if (index == cached.indexes.end()) {
        index = cached.indexes.emplace(column, decltype(cached.indexes)::mapped_type{}).first;
        for (std::size_t row = 0; row < cached.made->rows.size; ++row) {
            if (auto key = key_of(cached.made->rows.at(row, column), table.columns[column].type)) index->second[std::move(*key)].push_back(row);
        }
    }
    const auto found = index->second.find(value);
    return found == index->second.end() ? &none : &found->second;
}

int filter(sqlite3_vtab_cursor* base, int, const char* plan, int argc, sqlite3_value** argv) {
    auto* cursor = static_cast<Cursor*>(base);
    TableState& state = *static_cast<VirtualTable*>(base->pVtab)->state;
    cursor->rows = nullptr;
    cursor->chosen = nullptr;
    cursor->at = 0;
    std::map<std::string, std::string> wanted;
    std::optional<std::pair<std::size_t, std::string>> indexed;
    const auto columns = text::split(plan, ',');
    for (int i = 0; i < argc; ++i) {
        std::string_view part = columns[static_cast<std::size_t>(i)];
        const char bound = part.ends_with('>') || part.ends_with('<') ? part.back() : '\0';
        if (bound != 0) part.remove_suffix(1);
        const auto column = static_cast<std::size_t>(text::to_integer(part).value_or(0));
        const auto& info = state.table.columns[column];
        auto value = key_of(argv[i], info.type);
        if (!value) return SQLITE_OK;  // = null: no row
        const bool whole = state.materialise && state.table.ranges.empty();
        const bool pushed = contains(state.table.required, info.name) || (!whole && contains(state.table.keys, info.name));
        if (bound != 0) {
            wanted[info.name + bound + '='] = std::move(*value);
        } else if (pushed) {
            wanted[info.name] = std::move(*value);
        } else if (!indexed) {
            indexed.emplace(column, std::move(*value));
        }
    }
    if (state.before_reading) {
        if (auto ready = state.before_reading(); !ready) return refuse(base->pVtab, ready.error().message);
    }
    cursor->rows = &state.rows_for(wanted);
    state.failures->add(cursor->rows->made->failures);
    if (state.after_reading) {
        if (auto accepted = state.after_reading(cursor->rows->made->failures); !accepted) {
            cursor->rows = nullptr;
            return refuse(base->pVtab, state.table.name + ": " + accepted.error().message);
        }
    }
    if (indexed) cursor->chosen = lookup(*cursor->rows, state.table, indexed->first, indexed->second);
    return SQLITE_OK;
}

int next(sqlite3_vtab_cursor* base) {
    ++static_cast<Cursor*>(base)->at;
    return SQLITE_OK;
}

int at_end(sqlite3_vtab_cursor* base) {
    const auto* cursor = static_cast<Cursor*>(base);
    return cursor->at >= cursor->count() ? 1 : 0;
}

int column(sqlite3_vtab_cursor* base, sqlite3_context* context, int index) {
    const auto* cursor = static_cast<Cursor*>(base);
    const Cell cell = cursor->rows->made->rows.at(cursor->row(), static_cast<std::size_t>(index));
    if (const auto* integer = std::get_if<std::int64_t>(&cell)) {
        sqlite3_result_int64(context, *integer);
    } else if (const auto* real = std::get_if<double>(&cell)) {
        sqlite3_result_double(context, *real);
    } else if (const auto* text = std::get_if<std::string>(&cell)) {
        sqlite3_result_text64(context, text->data(), text->size(), SQLITE_TRANSIENT, SQLITE_UTF8);
    } else {
        sqlite3_result_null(context);
    }
    return SQLITE_OK;
}

int row_id(sqlite3_vtab_cursor* base, sqlite3_int64* out) {
    *out = static_cast<sqlite3_int64>(static_cast<Cursor*>(base)->row());
    return SQLITE_OK;
}

// SQLite is C: nothing that is thrown may pass through it.
template <class Call>
int guarded(const Call& call) {
    try {
        return call();
    } catch (const std::bad_alloc&) {
        return SQLITE_NOMEM;
    } catch (...) {
        return SQLITE_INTERNAL;
    }
}

sqlite3_module make_module() {
    sqlite3_module module{};
    module.iVersion = 1;
    // No xCreate: eponymous only, nobody can make another.
    module.xConnect = [](sqlite3* database, void* aux, int argc, const char* const* argv, sqlite3_vtab** out, char** error) {
        return guarded([&] { return connect(database, aux, argc, argv, out, error); });
    };
    module.xBestIndex = [](sqlite3_vtab* table, sqlite3_index_info* info) { return guarded([&] { return best_index(table, info); }); };
    module.xDisconnect = disconnect;
    module.xDestroy = disconnect;
    module.xOpen = [](sqlite3_vtab* table, sqlite3_vtab_cursor** out) { return guarded([&] { return open_cursor(table, out); }); };
    module.xClose = close_cursor;
    module.xFilter = [](sqlite3_vtab_cursor* cursor, int number, const char* plan, int argc, sqlite3_value** argv) {
        return guarded([&] { return filter(cursor, number, plan, argc, argv); });
    };
    module.xNext = next;
    module.xEof = at_end;
    module.xColumn = [](sqlite3_vtab_cursor* cursor, sqlite3_context* context, int index) { return guarded([&] { return column(cursor, context, index); }); };
    module.xRowid = row_id;
    return module;
}

}  // namespace

void FailureLog::add(const std::vector<tables::SourceFailure>& failures) {
    for (const auto& failure : failures) seen_.try_emplace({failure.locator, failure.container_id}, failure);
}

std::vector<tables::SourceFailure> FailureLog::take() {
    std::vector<tables::SourceFailure> failures;
    for (auto& [key, failure] : seen_) failures.push_back(std::move(failure));
    seen_.clear();
    return failures;
}

CachedRows& TableState::rows_for(const std::map<std::string, std::string>& wanted) {
    if (const auto found = cache.find(wanted); found != cache.end()) return found->second;
    const auto start = std::chrono::steady_clock::now();
    auto made = store->get(table.name, wanted, [&] {
        tables::Scan scan(*facts, wanted);
        tables::RowSet rows = table.rows(scan);
        return MadeRows{std::move(rows), scan.failures()};
    });
    if (table.reads_long && deadline != nullptr) *deadline += std::chrono::steady_clock::now() - start;
    return cache.emplace(wanted, CachedRows{std::move(made), {}}).first->second;
}

bool register_virtual_table(sqlite3* database, TableState& state) {
    static const sqlite3_module module = make_module();
    return sqlite3_create_module_v2(database, state.table.name.c_str(), &module, &state, nullptr) == SQLITE_OK;
}

}  // namespace bulkhead::sql
