// SPDX-License-Identifier: Apache-2.0
// host_group: who is in which group of the engine's host, by group(5) and by the primary group of passwd(5).
#include <algorithm>

#include "base/text.h"
#include "host/passwd.h"
#include "tables/host_rows.h"

namespace bulkhead::tables {

namespace {

struct Row {
    std::string group;
    std::int64_t gid = 0;
    std::string user;
    std::optional<std::int64_t> uid;
    std::string how;
    std::string locator;
};

// Where else the host looks for groups (nsswitch.conf(5)): of those we know nothing.
std::vector<std::string> other_services(std::string_view nsswitch) {
    std::vector<std::string> others;
    for (const std::string_view line : text::lines(nsswitch)) {
        const std::string_view trimmed = text::trim(line.substr(0, line.find('#')));
        if (!trimmed.starts_with("group:") && !trimmed.starts_with("passwd:") && !trimmed.starts_with("initgroups:")) continue;
        for (const std::string_view word : text::words(trimmed.substr(trimmed.find(':') + 1))) {
            const bool is_action = word.starts_with('[') || word.ends_with(']');
            if (!is_action && word != "files" && word != "compat" && word != "systemd") others.emplace_back(word);
        }
    }
    return others;
}

std::vector<Row> members(std::string_view group_file, const std::vector<host::Account>& accounts, const std::string& group_locator,
                         const std::string& passwd_locator) {
    std::vector<Row> rows;
    for (const std::string_view line : text::lines(group_file)) {
        const auto fields = text::split(line, ':');
        const auto gid = fields.size() >= 4 ? text::to_integer(fields[2]) : std::nullopt;
        if (!gid) continue;
        for (const std::string_view user : text::split(fields[3], ',')) {
            if (text::trim(user).empty()) continue;
            const auto account = std::ranges::find(accounts, text::trim(user), &host::Account::name);
            rows.push_back({std::string(fields[0]), *gid, std::string(text::trim(user)), account == accounts.end() ? std::nullopt : std::optional(account->uid),
                            "member", group_locator});
        }
        for (const host::Account& account : accounts) {
            if (account.gid == *gid) rows.push_back({std::string(fields[0]), *gid, account.name, account.uid, "primary group", passwd_locator});
        }
    }
    return rows;
}

std::vector<Row> read(Scan& scan) {
    auto& facts = scan.facts();
    if (!facts.host.engine_pid()) {
        report(scan, {facts.host.engine_problem()});
        return {};
    }
    const std::int64_t engine = *facts.host.engine_pid();
    const auto groups = facts.world.read(world::file_at("/etc/group", engine));
    const auto passwd = facts.world.read(world::file_at("/etc/passwd", engine));
    const auto nsswitch = facts.world.read(world::file_at("/etc/nsswitch.conf", engine));
    if (nsswitch->unreadable()) scan.failed(*nsswitch);
    if (const auto others = other_services(nsswitch->bytes); !others.empty())
        scan.failed(nsswitch->locator, "users and groups also come from " + text::join(others, ", ") + ", which is not asked");
    std::vector<host::Problem> problems;
    if (!groups->present()) problems.push_back(host::problem_of(*groups));
    const auto accounts = host::parsed<std::vector<host::Account>>(*passwd, host::parse_passwd, problems, host::Absent::is_a_problem);
    report(scan, problems);
    if (!groups->present() || !accounts) return {};
    return members(groups->bytes, *accounts, groups->locator, passwd->locator);
}

}  // namespace

Table host_group() {
    return make_table<Row>(TableSpec<Row>{.name = "host_group",
                                          .help = "users of each group of the engine's host: members, and those whose primary group it is",
                                          .columns = {{"group_name", Type::text, "group", of(&Row::group)},
                                                      {"gid", Type::integer, "its number", of(&Row::gid)},
                                                      {"user", Type::text, "user", of(&Row::user)},
                                                      {"uid", Type::integer, "its number; null: no such account", of(&Row::uid)},
                                                      {"how", Type::text, "member, primary group", of(&Row::how)},
                                                      {"locator", Type::text, std::string(locator_help), of(&Row::locator)}},
                                          .examples = {"select user, how from host_group where group_name = 'docker'"},
                                          .rows = read});
}

}  // namespace bulkhead::tables
