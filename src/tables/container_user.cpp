// SPDX-License-Identifier: Apache-2.0
// container_user: the accounts in the /etc/passwd of running containers, as the runtime reads it.
#include "host/passwd.h"
#include "tables/host_rows.h"

namespace bulkhead::tables {

namespace {

struct Row {
    host::ContainerRef container;
    host::Account account;
    std::string locator;
};

template <class Member>
auto account(Member host::Account::* member) {
    return [member](const Row& row) { return cell(row.account.*member); };
}

std::vector<Row> read(Scan& scan) {
    const auto mains = main_processes(scan);
    std::vector<world::Request> requests;
    for (const MainProcess& main : mains) requests.push_back(world::file_at("/etc/passwd", main.pid));
    const auto readings = scan.facts().world.read_all(requests);
    std::vector<Row> rows;
    for (std::size_t i = 0; i < mains.size(); ++i) {
        std::vector<host::Problem> problems;
        auto accounts = host::parsed<std::vector<host::Account>>(*readings[i], host::parse_passwd, problems, host::Absent::is_nothing, mains[i].container.id);
        report(scan, problems);
        if (!accounts) continue;
        for (host::Account& one : *accounts) rows.push_back({mains[i].container, std::move(one), readings[i]->locator});
    }
    return rows;
}

}  // namespace

Table container_user() {
    return make_table<Row>(TableSpec<Row>{
        .name = "container_user",
        .help = "accounts in the /etc/passwd of running containers",
        .columns = joined(container_columns<Row>(), {{"name", Type::text, "account", account(&host::Account::name)},
                                                     {"uid", Type::integer, "user id in the container", account(&host::Account::uid)},
                                                     {"gid", Type::integer, "group id in the container", account(&host::Account::gid)},
                                                     {"home", Type::text, "home directory", account(&host::Account::home)},
                                                     {"shell", Type::text, "login shell", account(&host::Account::shell)},
                                                     {"line", Type::integer, "line of the file; the first that fits counts", account(&host::Account::line)},
                                                     {"locator", Type::text, std::string(locator_help), of(&Row::locator)}}),
        .keys = {"container_id", "container_name"},
        .examples = {"select container_name, name from container_user where uid = 0 and name <> 'root'"},
        .rows = read});
}

}  // namespace bulkhead::tables
