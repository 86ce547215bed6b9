// SPDX-License-Identifier: Apache-2.0
// passwd(5), group(5) and shadow(5) of an image. Of a password only its kind is kept, never its hash. Pure; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "image/limits.h"

namespace bulkhead::image {

struct Account {
    std::int64_t line = 0;  // from 1
    std::string name;
    std::int64_t uid = 0, gid = 0;
    std::string home, shell;
    std::string password;  // of passwd itself: empty, shadow (an x), locked, set

    bool operator==(const Account&) const = default;
};

struct Group {
    std::string name;
    std::int64_t gid = 0;
    std::vector<std::string> members;

    bool operator==(const Group&) const = default;
};

struct ShadowEntry {
    std::string name;
    std::string password;  // empty, locked, set

    bool operator==(const ShadowEntry&) const = default;
};

// limit_exceeded: more than accounts_max. Lines without a name or with an id that is no number are left out, as the runtime leaves them out.
Result<std::vector<Account>> parse_accounts(std::string_view bytes, const Limits& limits);
Result<std::vector<Group>> parse_groups(std::string_view bytes, const Limits& limits);
Result<std::vector<ShadowEntry>> parse_shadow(std::string_view bytes, const Limits& limits);

}  // namespace bulkhead::image
