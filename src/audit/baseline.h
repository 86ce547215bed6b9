// SPDX-License-Identifier: Apache-2.0
// An earlier audit to compare with, so that only what is new has to stop anybody. A result is the same one as earlier when control, kind
// (of the host, or declared in a build file) and name of its resource are the same: a container that was made anew under its name keeps
// its results, whatever its id is. Where one resource has several results of one control (a Dockerfile with two ADDs), as many of them are
// known as the baseline has. Any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "audit/catalog.h"
#include "audit/result.h"

namespace bulkhead::audit {

inline constexpr std::size_t baseline_bytes_max = 256UL << 20U;
inline constexpr std::size_t baseline_results_max = 1'000'000;

struct BaselineResult {
    std::string control;
    std::string resource;
    std::string resource_name;
    Status status = Status::error;
    std::string reason;
};

struct Baseline {
    std::string file;
    UnixMs as_of = 0;  // of its facts; 0: it does not say
    std::vector<BaselineResult> results;
};

Baseline baseline_from(const Audit& audit, std::string file);

// A report of `--format json`. corrupt, invalid_input, limit_exceeded: "FILE:LINE:COLUMN: what is wrong and what is allowed".
bulkhead::Result<Baseline> parse_baseline(std::string_view json, const std::string& file);

// What makes two results one: equal for equal things. By the control's id, whichever alias of it a baseline has.
std::string identity(const Catalog& catalog, const std::string& control, const std::string& resource, const std::string& resource_name);

// part: results were left out (--container, ...), so that what is not there is not gone.
enum class Coverage : std::uint8_t { whole, part };

// Marks each result new or known, and counts what became of the baseline's alarms.
void compare(Audit& audit, const Baseline& baseline, const Catalog& catalog, Coverage coverage);

}  // namespace bulkhead::audit
