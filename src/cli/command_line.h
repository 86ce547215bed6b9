// SPDX-License-Identifier: Apache-2.0
// The command line as CLI11's model: what run() parses, and what documents are made of.
#pragma once

#include "cli/command.h"

namespace bulkhead::cli {

inline constexpr const char* what_it_is = "See, prove and enforce what your Docker containers may talk to.";

// All options and commands. REQUIRES: the context outlives the root.
void make_command_line(CLI::App& root, Context& context);

}  // namespace bulkhead::cli
