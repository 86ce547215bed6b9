// SPDX-License-Identifier: Apache-2.0
// What changed between two snapshots: in the results of an audit of each, and in facts. Facts are questions in SQL, each with rows that
// have a key which outlives what they are about being made anew (names, not ids). What one of the two could not read is not called
// gone or appeared: it is `unclear`. Pure but for gather_facts; any thread.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/baseline.h"
#include "sql/database.h"

namespace bulkhead::audit {

// The first column is the key; all others are compared.
struct FactQuestion {
    std::string_view name;  // "containers"
    std::string_view sql;
};
const std::vector<FactQuestion>& fact_questions();

// The answer to one question.
struct FactSet {
    std::string name;
    std::vector<std::string> columns;                      // without the key
    std::map<std::string, std::vector<std::string>> rows;  // by key; where several rows have one, the later are "KEY (2)"
    std::map<std::string, std::string> failures;           // locator, reason: what could not be read
};
std::vector<FactSet> gather_facts(sql::Database& database);  // in the order of the questions. Owned by the database's thread.

enum class Change : std::uint8_t { appeared, gone, changed, unclear };
std::string_view name(Change change);

struct ColumnChange {
    std::string column;
    std::string before;
    std::string after;
};
struct FactDifference {
    std::string question;
    Change change = Change::changed;
    std::string key;
    std::vector<ColumnChange> columns;  // of changed ones
    std::string reason;                 // of unclear ones
};
std::vector<FactDifference> diff_facts(const std::vector<FactSet>& before, const std::vector<FactSet>& after);

struct ResultDifference {
    std::string control;
    std::string resource_name;
    std::optional<Status> before;  // nothing: it was not there
    std::optional<Status> after;
    std::string reason;  // the later one's, or the earlier one's where it is gone
};
// By identity (baseline.h), in the order of control and name. Only statuses are compared: reasons name processes and times.
std::vector<ResultDifference> diff_results(const Audit& before, const Audit& after, const Catalog& catalog);

}  // namespace bulkhead::audit
