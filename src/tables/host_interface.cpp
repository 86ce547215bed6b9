// SPDX-License-Identifier: Apache-2.0
// host_interface: network interfaces in the engine's network namespace.
#include "host/interfaces.h"
#include "tables/host_rows.h"

namespace bulkhead::tables {

namespace {

struct Row {
    host::Link link;
    std::string master;
    std::string locator;
};

template <class Member>
auto link(Member host::Link::* member) {
    return [member](const Row& row) { return cell(row.link.*member); };
}

std::vector<Row> read(Scan& scan) {
    std::string locator;
    std::vector<Row> rows;
    const auto names = interface_names(scan);
    for (host::Link& one : dump_of_engine<host::Link>(scan, "link", host::parse_links, &locator)) {
        const auto master = one.master_index ? names.find(*one.master_index) : names.end();
        rows.push_back({std::move(one), master == names.end() ? "" : master->second, locator});
    }
    return rows;
}

}  // namespace

Table host_interface() {
    return make_table<Row>(TableSpec<Row>{
        .name = "host_interface",
        .help = "network interfaces where the engine runs",
        .columns = {{"interface_name", Type::text, "name", link(&host::Link::name)},
                    {"interface_index", Type::integer, "number", link(&host::Link::index)},
                    {"kind", Type::text, "bridge, veth, vxlan, ...; null: hardware or loopback", [](const Row& row) { return text_or_null(row.link.kind); }},
                    {"mac", Type::text, "hardware address", [](const Row& row) { return text_or_null(row.link.mac); }},
                    {"mtu", Type::integer, "largest packet, bytes", link(&host::Link::mtu)},
                    {"up", Type::boolean, "set up", link(&host::Link::up)},
                    {"promiscuous", Type::boolean, "takes frames for others", link(&host::Link::promiscuous)},
                    {"operstate", Type::text, "up, down, lowerlayerdown, unknown, ...", link(&host::Link::operstate)},
                    {"master", Type::text, "bridge it is a port of", [](const Row& row) { return text_or_null(row.master); }},
                    {"peer_index", Type::integer, "of a veth: number of the other end", link(&host::Link::peer_index)},
                    {"peer_netns", Type::integer, "namespace of the other end; null: this one", link(&host::Link::peer_netns)},
                    {"locator", Type::text, std::string(locator_help), of(&Row::locator)}},
        .examples = {"select interface_name, kind, master from host_interface"},
        .rows = read});
}

}  // namespace bulkhead::tables
