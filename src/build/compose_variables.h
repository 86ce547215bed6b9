// SPDX-License-Identifier: Apache-2.0
// Variables of Compose files: $X ${X} ${X:-d} ${X-d} ${X:?e} ${X?e} ${X:+r} ${X+r} $$, nested, in every value; and .env files that give
// them. A variable without a value is not empty here but unknown: the caller's environment may have it. Pure.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/result.h"
#include "build/shell_word.h"
#include "build/yaml_tree.h"

namespace bulkhead::build {

inline constexpr std::size_t env_file_bytes_max = 1UL << 20U;

using Environment = std::map<std::string, std::string, std::less<>>;

// invalid_input: a broken ${...}, or a variable that ${X:?} asks for.
Result<Expanded> interpolate(std::string_view text, const Environment& environment);
// Every scalar below; errors name file, line and column.
Result<void> interpolate(Tree& tree, const Environment& environment, const std::string& file);

// NAME=VALUE lines into the environment; names already there stay (an earlier file, the caller's own).
Result<void> add_env_file(Environment& environment, std::string_view bytes, const std::string& file);

}  // namespace bulkhead::build
