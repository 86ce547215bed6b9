// SPDX-License-Identifier: Apache-2.0
// What somebody may have meant by an id that is not there. Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace bulkhead::audit {

// "did you mean csvs_3_1?", or where to look: "`bulkhead list` shows what there is".
std::string nearest_of(std::string_view word, const std::vector<std::string>& known, std::string_view list_command);

}  // namespace bulkhead::audit
