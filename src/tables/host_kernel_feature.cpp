// SPDX-License-Identifier: Apache-2.0
// host_kernel_feature: what the engine's kernel can do that settings rely on, by what it shows in /proc.
#include "tables/facts.h"
#include "tables/table.h"

namespace bulkhead::tables {

namespace {

struct Feature {
    std::string name;
    bool present = false;
    std::string locator;
};

// The process's own view of its network namespace; /proc/net would be the reader's.
struct Sign {
    const char* name;
    const char* path;  // below /proc/PID
};
constexpr Sign signs[] = {
    {"ipvs", "net/ip_vs"},      // load balancing of Swarm's virtual IPs; the file comes with the module
    {"ipv6", "net/if_inet6"},   // absent when the kernel runs without IPv6
    {"xfrm", "net/xfrm_stat"},  // IPsec
    {"conntrack", "net/nf_conntrack"},
};

std::vector<Feature> rows(Scan& scan) {
    Facts& facts = scan.facts();
    const auto& pid = facts.host.engine_pid();
    if (!pid) {
        scan.failed(facts.host.engine_problem().locator, facts.host.engine_problem().reason);
        return {};
    }
    std::vector<Feature> features;
    for (const Sign& sign : signs) {
        const auto reading = facts.world.read(world::stat_at("/proc/" + std::to_string(*pid) + "/" + sign.path));
        if (reading->unreadable()) {
            scan.failed(*reading);
            continue;
        }
        features.push_back({sign.name, reading->present(), reading->locator});
    }
    return features;
}

}  // namespace

Table host_kernel_feature() {
    return make_table<Feature>({
        .name = "host_kernel_feature",
        .help = "What the kernel of the engine's host can do that engine settings rely on.",
        .columns = {{"name", Type::text, "ipvs, ipv6, xfrm, conntrack", [](const Feature& row) { return cell(row.name); }},
                    {"present", Type::boolean, "the kernel has it now (as a module: loaded)", [](const Feature& row) { return cell(row.present); }},
                    {"locator", Type::text, "where this row was read", [](const Feature& row) { return cell(row.locator); }}},
        .examples = {"select name from host_kernel_feature where not present"},
        .rows = rows,
    });
}

}  // namespace bulkhead::tables
