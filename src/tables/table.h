// SPDX-License-Identifier: Apache-2.0
// What a SQL table is: columns declared beside the code that reads them, over rows of one C++ type. The SQL schema, `.schema`,
// the docs and the checks all come from this one declaration. One table = one file in src/tables/ named as the table, which defines
// `Table <name>()` in namespace bulkhead::tables; the catalog of all of them is generated from the folder.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "world/reading.h"

namespace bulkhead::tables {

class Facts;

enum class Type : std::uint8_t { text, integer, real, boolean, json };  // boolean is 0 or 1 in SQL; json is JSON text
std::string_view name(Type type);

using Cell = std::variant<std::monostate, std::int64_t, double, std::string>;  // monostate is SQL null

inline Cell cell(std::string_view text) { return std::string(text); }
inline Cell cell(std::string text) { return text; }
inline Cell cell(const char* text) { return std::string(text); }
inline Cell cell(bool value) { return std::int64_t{value ? 1 : 0}; }
inline Cell cell(double value) { return value; }
template <class Integer>
    requires std::is_integral_v<Integer>
Cell cell(Integer value) {
    return static_cast<std::int64_t>(value);
}
template <class T>
Cell cell(const std::optional<T>& value) {
    return value ? cell(*value) : Cell{};
}
inline Cell cell(Cell value) { return value; }

struct ColumnInfo {
    std::string name;
    Type type = Type::text;
    std::string help;
};

// A source that could not be read while a table made its rows. Nothing may be called ok that rests on it.
struct SourceFailure {
    std::string locator;
    std::string reason;
    std::string container_id;  // the one container (or image, by "sha256:...") it concerns; empty: the whole table
};

// One read of a table: what the query asks for, and what went wrong on the way. Owned by the query's thread.
class Scan {
  public:
    Scan(Facts& facts, std::map<std::string, std::string> wanted) : facts_(facts), wanted_(std::move(wanted)) {}

    [[nodiscard]] Facts& facts() const { return facts_; }
    // The value of `where column = value`, for a column that the table declared as a key or as required; of a column of `ranges` also
    // "column>=" and "column<=".
    [[nodiscard]] std::optional<std::string> wanted(const std::string& column) const;

    void failed(const world::Reading& reading, std::string container_id = {});
    void failed(std::string locator, std::string reason, std::string container_id = {});
    [[nodiscard]] const std::vector<SourceFailure>& failures() const { return failures_; }

  private:
    Facts& facts_;
    std::map<std::string, std::string> wanted_;
    std::vector<SourceFailure> failures_;
};

// Rows of whatever type, readable cell by cell; a column costs only when it is asked for.
struct RowSet {
    std::size_t size = 0;
    std::function<Cell(std::size_t row, std::size_t column)> at;
};

struct Table {
    std::string name;
    std::string help;
    std::vector<ColumnInfo> columns;
    std::vector<std::string> keys;      // columns for which `= value` saves reading
    std::vector<std::string> required;  // columns that must be given (`where path = ...`): arguments
    std::vector<std::string> examples;  // SQL
    std::function<RowSet(Scan&)> rows;
    bool reads_long = false;  // its sources may take minutes, which are not the statement's time
    // Columns of which bounds (>=, <=, between) save reading: Scan::wanted("time>=") and ("time<=") give them. What is larger than the bound says
    // may be given too. A table with such columns is too long to be read whole where nobody asked for it.
    std::vector<std::string> ranges = {};
};

template <class Row>
struct Column {
    std::string name;
    Type type = Type::text;
    std::string help;
    std::function<Cell(const Row&)> read;
};

template <class Row>
struct TableSpec {
    std::string name;
    std::string help;
    std::vector<Column<Row>> columns;
    std::vector<std::string> keys = {};
    std::vector<std::string> required = {};
    std::vector<std::string> examples = {};
    std::function<std::vector<Row>(Scan&)> rows;
    bool reads_long = false;
    std::vector<std::string> ranges = {};
};

template <class Row>
Table make_table(TableSpec<Row> spec) {
    Table table{spec.name, spec.help, {}, spec.keys, spec.required, spec.examples, {}, spec.reads_long, spec.ranges};
    for (const auto& column : spec.columns) table.columns.push_back({column.name, column.type, column.help});
    auto shared = std::make_shared<const TableSpec<Row>>(std::move(spec));
    table.rows = [shared](Scan& scan) {
        auto rows = std::make_shared<const std::vector<Row>>(shared->rows(scan));
        return RowSet{rows->size(), [shared, rows](std::size_t row, std::size_t column) { return shared->columns[column].read((*rows)[row]); }};
    };
    return table;
}

}  // namespace bulkhead::tables
