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
};

// Words of "alarm", "unknown", "error", "none", "severity>=low|medium|high|critical"; none given: the defaults. Once words are given,
// only what they name fails, except that "error" stays unless "none" is said: a broken control is never a pass.
bulkhead::Result<FailOn> parse_fail_on(const std::vector<std::string>& words);

int exit_code(const audit::Audit& audit, const FailOn& fail_on);

}  // namespace bulkhead::cli
