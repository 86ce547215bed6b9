// SPDX-License-Identifier: Apache-2.0
// One control: its SQL run, each row a Result. Columns: resource, status and reason are needed; resource_name, layer, evidence (JSON of
// evidence() pieces), container_id (which container a result about something else belongs to) and rests_on_absence (1: an alarm because
// something was not found, which is unknown when a source could not be read) have a meaning; all others become dimensions. Owned by the database's thread.
#pragma once

#include <vector>

#include "audit/result.h"
#include "sql/database.h"

namespace bulkhead::audit {

enum class Judged : std::uint8_t { host, build_files };  // by the control's sql, or by its declared_sql

// Never fails: what goes wrong is a result with status error. At least one result.
std::vector<Result> evaluate(const Control& control, sql::Database& database, Judged what = Judged::host);

}  // namespace bulkhead::audit
