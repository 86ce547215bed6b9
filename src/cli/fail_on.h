// SPDX-License-Identifier: Apache-2.0
// What makes an audit's exit code: --fail-on as words, and their verdict over the results. Pure.
#pragma once

#include <string>
#include <vector>

#include "audit/result.h"

namespace bulkhead::cli {

struct FailOn {
    bool alarm = true;     // any alarm: exit 1
    bool unknown = false;  // any unknown: exit 1
    bool error = true;     // a control that could not be evaluated: exit 2
    int severity_min = 0;  // an alarm of at least this severity: exit 1; 0: not asked. low 1 .. critical 4
    int level_max = 0;     // an alarm of a control that holds at this level or below: exit 1; 0: not asked
    bool is_new = false;   // an alarm that the baseline does not know: exit 1
};

// Words of "alarm", "unknown", "error", "never" (or "none"), "severity>=low|medium|high|critical", "level<=1|2|3", "new"; none given: the
// defaults. Any one of them is enough to fail. Once words are given, only what they name fails, except that "error" stays unless "never"
// is said: a broken control is never a pass.
bulkhead::Result<FailOn> parse_fail_on(const std::vector<std::string>& words);

// The results that fail, in the audit's order. What a baseline knows already fails nothing, but for errors. They point into the audit.
std::vector<const audit::Result*> failing(const audit::Audit& audit, const FailOn& fail_on);

int exit_code(const audit::Audit& audit, const FailOn& fail_on);

}  // namespace bulkhead::cli
