// SPDX-License-Identifier: Apache-2.0
// docker_swarm: the swarm this node manages; no row where the engine is in none.
#include "engine/certificate.h"
#include "tables/docker_rows.h"

namespace bulkhead::tables {

using engine::SwarmCluster;

namespace {

struct SwarmClusterRow {
    const SwarmCluster* item = nullptr;
    std::optional<engine::Certificate> root;
    std::string locator;
};

template <class Member>
auto field(Member SwarmCluster::* member) {
    return [member](const SwarmClusterRow& row) { return cell(row.item->*member); };
}

}  // namespace

Table docker_swarm() {
    return make_table<SwarmClusterRow>({
        .name = "docker_swarm",
        .help = "The swarm, as a manager tells it. One row, or none.",
        .columns =
            {
                {"id", Type::text, "of the swarm", field(&SwarmCluster::id)},
                {"name", Type::text, "name", field(&SwarmCluster::name)},
                {"created_at", Type::text, "when it was made", field(&SwarmCluster::created_at)},
                {"updated_at", Type::text, "last change", field(&SwarmCluster::updated_at)},
                {"autolock_managers", Type::boolean, "managers need a key after a restart", field(&SwarmCluster::autolock_managers)},
                {"node_cert_expiry_ns", Type::integer, "lifetime of node certificates, nanoseconds", field(&SwarmCluster::node_cert_expiry_ns)},
                {"ca_force_rotate", Type::integer, "rotations of the CA asked for", field(&SwarmCluster::ca_force_rotate)},
                {"external_cas_count", Type::integer, "external CAs", field(&SwarmCluster::external_cas_count)},
                {"external_cas", Type::json, "external CAs: protocol, URL", field(&SwarmCluster::external_cas)},
                {"root_rotation_in_progress", Type::boolean, "the CA is being rotated", field(&SwarmCluster::root_rotation_in_progress)},
                {"root_subject", Type::text, "whose the root certificate is; null: not told",
                 [](const SwarmClusterRow& row) { return row.root ? cell(row.root->subject) : Cell{}; }},
                {"root_not_before_ms", Type::integer, "since when the root certificate is valid, unix milliseconds; null: not told",
                 [](const SwarmClusterRow& row) { return row.root ? cell(row.root->not_before) : Cell{}; }},
                {"root_not_after_ms", Type::integer, "until when, unix milliseconds; null: not told",
                 [](const SwarmClusterRow& row) { return row.root ? cell(row.root->not_after) : Cell{}; }},
                {"task_history_limit", Type::integer, "old tasks kept", field(&SwarmCluster::task_history_limit)},
                {"data_path_port", Type::integer, "VXLAN port; 0: 4789", field(&SwarmCluster::data_path_port)},
                {"default_addr_pool", Type::json, "where overlay subnets are taken from", field(&SwarmCluster::default_addr_pool)},
                {"subnet_size", Type::integer, "prefix length of overlay subnets", field(&SwarmCluster::subnet_size)},
                {"labels", Type::json, "labels", field(&SwarmCluster::labels)},
                {"locator", Type::text, std::string(locator_help), [](const SwarmClusterRow& row) { return cell(row.locator); }},
            },
        .examples = {"select autolock_managers, node_cert_expiry_ns from docker_swarm"},
        .rows =
            [](Scan& scan) {
                const auto& listing = scan.facts().engine.swarm();
                std::vector<SwarmClusterRow> rows;
                for (const SwarmCluster& item : items_of(scan, listing)) {
                    rows.push_back({&item, {}, listing.locator});
                    if (item.trust_root.empty()) continue;  // engines before 17.06 do not tell it
                    const auto root = engine::parse_certificates(item.trust_root);
                    if (root) rows.back().root = root->front();
                    if (!root) scan.failed(listing.locator, "TLSInfo.TrustRoot: " + root.error().message);
                }
                return rows;
            },
    });
}

}  // namespace bulkhead::tables
