// SPDX-License-Identifier: Apache-2.0
// Exceptions: alarms that somebody answers for until a day. A YAML list of {control, resource, reason, owner, expires}; control is an id,
// an alias or a glob of them, resource a glob of what results are called (audit/glob.h), expires the last day (YYYY-MM-DD, UTC). They are
// given with each run, like attestations: a snapshot holds none. What is unknown stays so: nobody can except what nobody saw. Any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "audit/catalog.h"
#include "base/clock.h"

namespace bulkhead::audit {

inline constexpr std::size_t exceptions_max = 5000;

struct Exception {
    std::string control;
    std::string resource;
    std::string reason;
    std::string owner;
    std::string expires;
    UnixMs ends_at = 0;  // the first moment after its last day
    std::string file;
    int line = 0;
    int column = 0;
    [[nodiscard]] std::string place() const;  // FILE:LINE:COLUMN
};

// One file's text. invalid_input, limit_exceeded: "FILE:LINE:COLUMN: what is wrong and what is allowed".
bulkhead::Result<std::vector<Exception>> parse_exceptions(std::string_view yaml, const std::string& file);

// All files. As above; not_found, permission_denied: a file that cannot be read; invalid_input: one for a control that there is not.
bulkhead::Result<std::vector<Exception>> exceptions_of(const std::vector<std::string>& files, const Catalog& catalog);

// Alarms that an exception holds for at `as_of` become skip and say so; where it ended, the alarm stays and says that. What this run did
// not judge is not told; of the rest, each exception that changed nothing is a sentence of the answer.
std::vector<std::string> apply_exceptions(std::vector<Result>& results, const std::vector<Exception>& exceptions, const std::vector<Control>& judged,
                                          UnixMs as_of);

}  // namespace bulkhead::audit
