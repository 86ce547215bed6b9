// SPDX-License-Identifier: Apache-2.0
// Completion for shells, written from what the command line offers. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/surface.h"

namespace bulkhead::cli {

inline constexpr std::string_view completion_shells[] = {"bash", "zsh", "fish"};

// Words that positionals and options take and that the command line's model does not know.
struct KnownNames {
    std::vector<std::string> audited;   // controls, their aliases and benchmarks
    std::vector<std::string> queries;   // named queries
    std::vector<std::string> settings;  // settings
    std::vector<std::string> tables;    // tables
};

// REQUIRES: shell is one of completion_shells.
std::string completion_script(std::string_view shell, const std::vector<OfferedCommand>& commands, const KnownNames& names);

}  // namespace bulkhead::cli
