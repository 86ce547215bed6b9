// SPDX-License-Identifier: Apache-2.0
#include "image/account.h"

#include <fmt/format.h>

#include "base/text.h"
#include "host/passwd.h"

namespace bulkhead::image {

namespace {

Error too_many(const Limits& limits) { return {Code::limit_exceeded, fmt::format("more than accounts_max = {} entries", limits.accounts_max)}; }

std::string password_kind(std::string_view field) {
    if (field.empty()) return "empty";
    if (field.front() == '!' || field.front() == '*') return "locked";
    return "set";
}

}  // namespace

Result<std::vector<Account>> parse_accounts(std::string_view bytes, const Limits& limits) {
    // Who has an account is what the runtime says; host/passwd.h reads as it does.
    const auto parsed = host::parse_passwd(bytes);
    if (!parsed) return std::unexpected(parsed.error());
    if (parsed->size() > limits.accounts_max) return std::unexpected(too_many(limits));
    const auto lines = text::lines(bytes);
    std::vector<Account> accounts;
    accounts.reserve(parsed->size());
    for (const host::Account& one : *parsed) {
        const auto at = static_cast<std::size_t>(one.line);
        const auto fields = at >= 1 && at <= lines.size() ? text::split(lines[at - 1], ':') : std::vector<std::string_view>();
        const std::string_view password = fields.size() > 1 ? fields[1] : std::string_view();
        accounts.push_back({one.line, text::printable(one.name), one.uid, one.gid, text::printable(one.home), text::printable(one.shell),
                            password == "x" ? "shadow" : password_kind(password)});
    }
    return accounts;
}

Result<std::vector<Group>> parse_groups(std::string_view bytes, const Limits& limits) {
    std::vector<Group> groups;
    for (const std::string_view line : text::lines(bytes)) {
        const auto fields = text::split(line, ':');
        if (fields.size() < 3 || fields[0].empty()) continue;
        const auto gid = text::to_integer(fields[2]);
        if (!gid) continue;
        if (groups.size() == limits.accounts_max) return std::unexpected(too_many(limits));
        Group group{text::printable(fields[0]), *gid, {}};
        if (fields.size() > 3 && !fields[3].empty()) {
            for (const std::string_view member : text::split(fields[3], ',')) group.members.push_back(text::printable(text::trim(member)));
        }
        groups.push_back(std::move(group));
    }
    return groups;
}

Result<std::vector<ShadowEntry>> parse_shadow(std::string_view bytes, const Limits& limits) {
    std::vector<ShadowEntry> entries;
    for (const std::string_view line : text::lines(bytes)) {
        const auto fields = text::split(line, ':');
        if (fields.size() < 2 || fields[0].empty()) continue;
        if (entries.size() == limits.accounts_max) return std::unexpected(too_many(limits));
        entries.push_back({text::printable(fields[0]), password_kind(fields[1])});
    }
    return entries;
}

}  // namespace bulkhead::image
