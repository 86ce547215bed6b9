// SPDX-License-Identifier: Apache-2.0
// host_sysctl: the kernel settings that controls ask for, in the engine's network namespace. Those below net/ belong to a network
// namespace, and /proc/sys/net is looked up in that of the thread which opens the file, not by any path through /proc/PID: so the
// reader opens it from within (place netns:PID).
#include <algorithm>

#include "base/text.h"
#include "tables/host_rows.h"

namespace bulkhead::tables {

namespace {

constexpr std::string_view names[] = {
    "net.bridge.bridge-nf-call-arptables",  "net.bridge.bridge-nf-call-ip6tables",
    "net.bridge.bridge-nf-call-iptables",   "net.ipv4.conf.all.accept_redirects",
    "net.ipv4.conf.all.forwarding",         "net.ipv4.conf.all.route_localnet",
    "net.ipv4.conf.all.rp_filter",          "net.ipv4.conf.default.rp_filter",
    "net.ipv4.conf.default.route_localnet", "net.ipv4.ip_forward",
    "net.ipv6.conf.all.disable_ipv6",       "net.ipv6.conf.all.forwarding",
    "net.ipv6.conf.default.forwarding",
};

struct Row {
    std::string name;
    std::optional<std::string> value;
    std::string locator;
};

world::Request request_of(std::string_view name, std::int64_t engine) {
    std::string path = "/proc/sys/" + std::string(name);
    std::ranges::replace(path.begin() + 10, path.end(), '.', '/');
    return {world::Kind::file, path, "netns:" + std::to_string(engine)};
}

std::vector<Row> read(Scan& scan) {
    auto& host = scan.facts().host;
    if (!host.engine_pid()) {
        report(scan, {host.engine_problem()});
        return {};
    }
    const auto wanted = scan.wanted("name");
    std::vector<Row> rows;
    std::vector<world::Request> requests;
    for (const std::string_view name : names) {
        if (wanted && *wanted != name) continue;
        rows.push_back({std::string(name), {}, {}});
        requests.push_back(request_of(name, *host.engine_pid()));
    }
    const auto readings = scan.facts().world.read_all(requests);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        rows[i].locator = readings[i]->locator;
        if (readings[i]->present()) rows[i].value = text::trim(readings[i]->bytes);
        if (readings[i]->unreadable()) scan.failed(*readings[i]);
    }
    std::erase_if(
        rows, [&](const Row& row) { return std::ranges::any_of(readings, [&](const auto& one) { return one->unreadable() && one->locator == row.locator; }); });
    return rows;
}

}  // namespace

Table host_sysctl() {
    return make_table<Row>(TableSpec<Row>{
        .name = "host_sysctl",
        .help = "kernel settings in the engine's network namespace",
        .columns = {{"name", Type::text, "name as sysctl(8) has it", of(&Row::name)},
                    {"value", Type::text, "value; null: this kernel has no such setting now (bridge-nf-call-*: br_netfilter is not loaded)", of(&Row::value)},
                    {"value_number", Type::integer, "value as a number",
                     [](const Row& row) { return row.value ? cell(text::to_integer(*row.value)) : Cell{}; }},
                    {"is_set", Type::boolean, "the setting exists", [](const Row& row) { return cell(row.value.has_value()); }},
                    {"locator", Type::text, std::string(locator_help), of(&Row::locator)}},
        .keys = {"name"},
        .examples = {"select value from host_sysctl where name = 'net.bridge.bridge-nf-call-iptables'"},
        .rows = read});
}

}  // namespace bulkhead::tables
