// SPDX-License-Identifier: Apache-2.0
// SQL over the tables of one run. An in-memory SQLite with one virtual table per Table; read-only by an authorizer, bounded in
// time, rows and memory. Extra functions:
//   regexp(pattern, text)            RE2 syntax, linear time; `text regexp pattern` works
//   evidence(locator, value)         one piece of evidence as JSON: {"source","locator","value","read_at"}
//   prefix_overlaps(a, b)            1 when the two prefixes share an address ("10.0.0.0/8", "fd00::/64"), null when not prefixes
//   prefix_contains(prefix, address) 1 when the address lies within
//   is_loopback(address), is_wildcard(address)
//   as_of_ms()                       the moment the facts are about
//   param(name)                      the value given to run() under that name; an error where none was given
//   octal(text)                      the number of permissions as people write them: octal('0644') is 420; null when not octal
//   setting(name), setting_has(name, value)   sql/setting_functions.h
// Owned by one thread.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "sql/setting_functions.h"
#include "tables/facts.h"
#include "tables/table.h"

namespace bulkhead::sql {

struct Limits {
    int time_ms = 30'000;
    std::int64_t rows_max = 1'000'000;
    std::int64_t memory_bytes_max = 1LL << 30;
};

struct ResultSet {
    std::vector<std::string> columns;
    std::vector<std::vector<tables::Cell>> rows;
    std::vector<tables::SourceFailure> failures;  // sources that could not be read for this statement, each once
    bool truncated = false;                       // rows_max was hit
};

class Database {
  public:
    // REQUIRES: facts outlive the database. With materialise, a table is read whole at its first use and then answered from
    // memory (an audit asks again and again); without, `where key = value` reads only what it names.
    enum class Use : std::uint8_t { query, audit };
    static Result<std::unique_ptr<Database>> open(tables::Facts& facts, std::vector<tables::Table> tables, Limits limits, Use use = Use::query);
    // Another one for another thread, with facts of its own over the same world: same tables and limits, and rows that either has made
    // serve both. REQUIRES: the facts of all outlive all of them.
    [[nodiscard]] Result<std::unique_ptr<Database>> beside(tables::Facts& facts) const;
    ~Database();

    using Params = std::map<std::string, std::string>;
    // One statement. invalid_input: SQL error with its text; limit_exceeded: time or memory.
    Result<ResultSet> run(std::string_view sql, Params params = {});
    [[nodiscard]] const std::vector<tables::Table>& tables() const;
    // The tables of other programs as views (sql/views.h), those of one dialect in the place of ours; none before this is called, and none in
    // databases beside this one. invalid_input: there is no such dialect.
    Result<void> speak(std::string_view dialect);
    // What setting() answers; none at first, and of a database beside another what that one has then. Not while a statement runs.
    void use_settings(Settings settings);
    // Stops a running statement from another thread or a signal handler.
    void interrupt();

  private:
    struct Impl;
    explicit Database(std::unique_ptr<Impl> impl);
    static Result<std::unique_ptr<Database>> open(tables::Facts& facts, std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace bulkhead::sql
