// SPDX-License-Identifier: Apache-2.0
// compose_network: networks that the named Compose files define, and who is on them.
#include "tables/compose_rows.h"

namespace bulkhead::tables {

namespace {

std::string services_on(const ComposeRow& row) {
    std::vector<std::string> names;
    const build::Tree* services = row.project->section("services");
    for (std::size_t i = 0; services != nullptr && i < services->keys.size(); ++i) {
        const build::Tree* networks = services->items[i].find("networks");
        // A service that names no network, and no mode, is on the one called default.
        const bool by_default = row.key->name == "default" && networks == nullptr && services->items[i].find("network_mode") == nullptr;
        if (by_default || (networks != nullptr && networks->find(row.key->name) != nullptr)) names.push_back(services->keys[i].name);
    }
    return engine::array_text(names);
}

}  // namespace

Table compose_network() {
    return make_table<ComposeRow>({
        .name = "compose_network",
        .help = "Networks that the named Compose files define. The one called default exists also where no file mentions it.",
        .columns = with_place({
            {"name", Type::text, "name", [](const ComposeRow& row) { return cell(row.key->name); }},
            {"driver", Type::text, "driver; null: bridge, or overlay in a stack", text_at("driver")},
            {"driver_opts", Type::json, "options of the driver", json_at("driver_opts")},
            {"internal", Type::boolean, "no way out", boolean_at("internal")},
            {"attachable", Type::boolean, "containers outside of services may join", boolean_at("attachable")},
            {"external", Type::boolean, "exists outside of the project", boolean_at("external")},
            {"enable_ipv6", Type::boolean, "IPv6", boolean_at("enable_ipv6")},
            {"ipam", Type::json, "addresses", json_at("ipam")},
            {"labels", Type::json, "labels", json_at("labels")},
            {"services", Type::json, "services on it", [](const ComposeRow& row) { return cell(services_on(row)); }},
            {"known", Type::boolean, "no variable in it is without a value", [](const ComposeRow& row) { return cell(!is_unresolved(*row.tree)); }},
        }),
        .examples = {"select name, internal, services from compose_network"},
        .rows = [](Scan& scan) { return section_rows(scan, "networks"); },
    });
}

}  // namespace bulkhead::tables
