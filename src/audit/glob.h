// SPDX-License-Identifier: Apache-2.0
// Names with * (any run of characters, also none) and ? (any one byte). All else stands for itself, brackets too, for addresses have
// them; that is why this is not fnmatch, which also takes exponential time over many stars. Pure; any thread.
#pragma once

#include <string_view>

namespace bulkhead::audit {

bool is_glob(std::string_view text);                                 // whether there is a * or a ? in it
bool glob_matches(std::string_view pattern, std::string_view name);  // in time of at most pattern times name

}  // namespace bulkhead::audit
