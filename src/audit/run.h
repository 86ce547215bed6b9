// SPDX-License-Identifier: Apache-2.0
// Controls to results. The one rule that no control can forget is kept here: a verdict that rests on a source which could not be
// read is `unknown` with the reason, never ok.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "audit/catalog.h"
#include "audit/exceptions.h"
#include "audit/result.h"
#include "sql/database.h"

namespace bulkhead::audit {

struct Selection {
    std::vector<std::string> ids;         // controls, aliases, benchmarks; none: everything
    std::optional<int> level;             // controls that hold at this level or below
    std::vector<std::string> tags;        // each must be among the control's tags; "key=value" or "key"
    std::string where;                    // SQL condition over the results' columns
    std::vector<std::string> containers;  // names (globs) or id prefixes; results about others are left out
    std::string project;                  // Compose project or Swarm stack
    bool engine = true;                   // false: only build files are judged, and no engine is asked
    bool archive = false;                 // there is an archive of images in place of a host: only what can judge images by themselves is asked of it
    std::vector<Exception> exceptions;    // alarms that somebody answers for
    [[nodiscard]] bool shows_all() const { return where.empty() && containers.empty() && project.empty(); }  // of what the chosen controls say
};

// Called before each control: how many are done, how many there are, which is next.
using Progress = std::function<void(std::size_t done, std::size_t total, const std::string& control)>;

// invalid_input: an unknown id (with near misses), level or condition. Owned by the database's thread.
bulkhead::Result<Audit> run(const Catalog& catalog, sql::Database& database, tables::Facts& facts, const Selection& selection, const Progress& progress);

}  // namespace bulkhead::audit
