// SPDX-License-Identifier: Apache-2.0
// passwd(5) of a container, read as the container runtime reads it when it looks up a user. The file is the image's: hostile. Any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace bulkhead::host {

inline constexpr std::size_t accounts_max = 20'000;

struct Account {
    std::int64_t line = 0;  // from 1; the first line that fits a name or an id is the one that counts
    std::string name;
    std::int64_t uid = 0, gid = 0;
    std::string home, shell;
};

// limit_exceeded: more accounts than anyone needs. Lines without a name are left out.
Result<std::vector<Account>> parse_passwd(std::string_view bytes);

}  // namespace bulkhead::host
