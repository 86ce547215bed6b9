// SPDX-License-Identifier: Apache-2.0
// What could be done about the alarms of an audit: changes of host files, commands for the user, and what stays for a person. Made of the
// controls' fixes (audit/fix.h) and of what the world says now; nothing is changed here. Owned by one thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "audit/result.h"
#include "fix/change.h"
#include "tables/facts.h"

namespace bulkhead::fix {

struct PlanOptions {
    bool info = false;   // also for results that are info
    bool risky = false;  // also fixes that may break what runs
};

// What the user does: a command, or a sentence.
struct Step {
    std::string text;
    std::string mind;  // what to look at before
    std::vector<Cause> causes;
};

// Alarms that no change answers.
struct ByHand {
    std::string control;
    std::string title;
    std::string remediation;
    std::string why;  // why no change of a file was planned; empty: the control has none
    std::vector<std::string> resource_names;
};

struct Plan {
    std::vector<Change> changes;  // owners, modes, contents; in this order they are applied
    std::vector<Step> steps;
    std::vector<ByHand> by_hand;
    std::size_t alarms = 0;    // that were looked at
    std::size_t answered = 0;  // for which there is a change or a command
    std::size_t unknown = 0;   // results that could not be judged: nothing is planned for them
    std::int64_t engine_pid = 0;
    std::string engine_version;
    std::optional<int> engine_major;
};

Plan make_plan(const audit::Audit& audit, tables::Facts& facts, const PlanOptions& options);

}  // namespace bulkhead::fix
