// SPDX-License-Identifier: Apache-2.0
// What lets an audit decide over a build or a change: exceptions, a baseline, and what of the rest fails.
#pragma once

#include <CLI/App.hpp>
#include <optional>
#include <string>
#include <vector>

#include "audit/baseline.h"
#include "audit/exceptions.h"
#include "cli/fail_on.h"

namespace bulkhead::cli {

struct GateOptions {
    std::vector<std::string> exceptions;
    std::string baseline;
    std::vector<std::string> fail_on;
    bool quiet = false;
};

void add_gate_options(CLI::App& app, GateOptions& options);

// The words of --fail-on, with what they need beside them. invalid_input.
bulkhead::Result<FailOn> fail_on_of(const GateOptions& options);

// With --quiet, in place of the report: a line for each result that makes the exit code bad, and nothing where there is none.
std::string failing_lines(const audit::Audit& audit, const FailOn& fail_on);

}  // namespace bulkhead::cli
