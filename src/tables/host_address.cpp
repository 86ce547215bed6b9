// SPDX-License-Identifier: Apache-2.0
// host_address: addresses of the interfaces in the engine's network namespace.
#include "host/interfaces.h"
#include "tables/host_rows.h"

namespace bulkhead::tables {

namespace {

struct Row {
    host::Address address;
    std::string interface_name;
    std::string locator;
};

std::vector<Row> read(Scan& scan) {
    std::string locator;
    std::vector<Row> rows;
    const auto names = interface_names(scan);
    for (host::Address& one : dump_of_engine<host::Address>(scan, "address", host::parse_addresses, &locator)) {
        const auto name = names.find(one.interface_index);
        rows.push_back({std::move(one), name == names.end() ? "" : name->second, locator});
    }
    return rows;
}

}  // namespace

Table host_address() {
    return make_table<Row>(
        TableSpec<Row>{.name = "host_address",
                       .help = "addresses where the engine runs",
                       .columns = {{"interface_name", Type::text, "interface it is on", of(&Row::interface_name)},
                                   {"family", Type::text, "ipv4, ipv6", [](const Row& row) { return cell(row.address.family); }},
                                   {"address", Type::text, "the address", [](const Row& row) { return cell(row.address.address.text()); }},
                                   {"prefix_length", Type::integer, "bits of the network", [](const Row& row) { return cell(row.address.prefix_length); }},
                                   {"network", Type::text, "the network, as a prefix",
                                    [](const Row& row) { return cell(Prefix(row.address.address, row.address.prefix_length).text()); }},
                                   {"scope", Type::text, "global, site, link, host", [](const Row& row) { return cell(row.address.scope); }},
                                   {"locator", Type::text, std::string(locator_help), of(&Row::locator)}},
                       .examples = {"select interface_name, address, prefix_length from host_address"},
                       .rows = read});
}

}  // namespace bulkhead::tables
