// SPDX-License-Identifier: Apache-2.0
// Inline ignores in build files: `# bulkhead ignore=ID[,ID...] reason="why" expires=YYYY-MM-DD`. In a Dockerfile it is for the instruction
// that follows (or is being continued), in a Compose file for the line that it ends or precedes, and all that is indented below it.
// Without a reason and an expiry it is an error: an exception nobody explains and that never ends is a hole. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "build/dockerfile.h"

namespace bulkhead::build {

inline constexpr std::size_t ignores_max = 1'000;  // in one file

struct Ignore {
    std::string control;
    std::string reason;
    std::string expires;  // 2026-12-31: the last day it holds
    std::string file;
    Position at;
    int from_line = 0;  // the lines it is for
    int to_line = 0;
};

Result<std::vector<Ignore>> dockerfile_ignores(const Dockerfile& dockerfile, const std::string& file);
Result<std::vector<Ignore>> compose_ignores(std::string_view bytes, const std::string& file);

}  // namespace bulkhead::build
