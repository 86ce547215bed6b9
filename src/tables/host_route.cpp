// SPDX-License-Identifier: Apache-2.0
// host_route: routes in the engine's network namespace, all tables of the kernel.
#include "host/routes.h"
#include "tables/host_rows.h"

namespace bulkhead::tables {

namespace {

struct Row {
    host::Route route;
    std::string interface_name;
    std::string locator;
};

template <class Member>
auto route(Member host::Route::* member) {
    return [member](const Row& row) { return cell(row.route.*member); };
}

std::vector<Row> read(Scan& scan) {
    std::string locator;
    std::vector<Row> rows;
    const auto names = interface_names(scan);
    for (host::Route& one : dump_of_engine<host::Route>(scan, "route", host::parse_routes, &locator)) {
        const auto name = one.interface_index ? names.find(*one.interface_index) : names.end();
        rows.push_back({std::move(one), name == names.end() ? "" : name->second, locator});
    }
    return rows;
}

}  // namespace

Table host_route() {
    return make_table<Row>(TableSpec<Row>{
        .name = "host_route",
        .help = "routes where the engine runs; one row per next hop",
        .columns = {{"family", Type::text, "ipv4, ipv6", route(&host::Route::family)},
                    {"destination", Type::text, "prefix; 0.0.0.0/0 and ::/0 are the default", route(&host::Route::destination)},
                    {"gateway", Type::text, "next hop; null: on the link", [](const Row& row) { return text_or_null(row.route.gateway); }},
                    {"interface_name", Type::text, "way out", [](const Row& row) { return text_or_null(row.interface_name); }},
                    {"table_id", Type::integer, "254 main, 255 local", route(&host::Route::table)},
                    {"type", Type::text, "unicast, local, broadcast, blackhole, ...", route(&host::Route::type)},
                    {"protocol", Type::text, "who made it: kernel, boot, static, dhcp, ra, or a number", route(&host::Route::protocol)},
                    {"scope", Type::text, "global, link, host, ...", route(&host::Route::scope)},
                    {"metric", Type::integer, "the lower is asked first; null: 0", route(&host::Route::metric)},
                    {"preferred_source", Type::text, "address packets leave with", [](const Row& row) { return text_or_null(row.route.preferred_source); }},
                    {"locator", Type::text, std::string(locator_help), of(&Row::locator)}},
        .examples = {"select destination, interface_name from host_route where table_id = 254"},
        .rows = read});
}

}  // namespace bulkhead::tables
