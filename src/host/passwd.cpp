// SPDX-License-Identifier: Apache-2.0
#include "host/passwd.h"

#include <fmt/format.h>

#include "base/text.h"

namespace bulkhead::host {

namespace {

// What is no number is 0, and so root: github.com/moby/sys/user, which Docker and runc use, takes it so ("great tolerance of
// naughty configuration files").
std::int64_t id_in(std::string_view text) { return text::to_integer(text).value_or(0); }

}  // namespace

Result<std::vector<Account>> parse_passwd(std::string_view bytes) {
    std::vector<Account> accounts;
    std::int64_t number = 0;
    for (const std::string_view line : text::lines(bytes)) {
        ++number;
        const std::string_view text = text::trim(line);
        if (text.empty()) continue;
        auto parts = text::split(text, ':');
        if (parts[0].empty()) continue;
        if (accounts.size() == accounts_max) return fail(Code::limit_exceeded, fmt::format("more than {} accounts", accounts_max));
        parts.resize(7);
        accounts.push_back({number, std::string(parts[0]), id_in(parts[2]), id_in(parts[3]), std::string(parts[5]), std::string(parts[6])});
    }
    return accounts;
}

}  // namespace bulkhead::host
