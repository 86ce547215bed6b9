// SPDX-License-Identifier: Apache-2.0
// docker_node: nodes of the swarm, as a manager tells them.
#include "tables/docker_rows.h"

namespace bulkhead::tables {

using engine::Node;

namespace {

struct NodeRow {
    const Node* item = nullptr;
    std::string locator;
};

template <class Member>
auto field(Member Node::* member) {
    return [member](const NodeRow& row) { return cell(row.item->*member); };
}

}  // namespace

Table docker_node() {
    return make_table<NodeRow>({
        .name = "docker_node",
        .help = "Nodes of the swarm.",
        .columns =
            {
                {"id", Type::text, "node", field(&Node::id)},
                {"hostname", Type::text, "host name", field(&Node::hostname)},
                {"role", Type::text, "manager or worker", field(&Node::role)},
                {"availability", Type::text, "active, pause, drain", field(&Node::availability)},
                {"state", Type::text, "ready, down, unknown, disconnected", field(&Node::state)},
                {"message", Type::text, "why", field(&Node::message)},
                {"addr", Type::text, "address", field(&Node::addr)},
                {"leader", Type::boolean, "leads the managers", field(&Node::leader)},
                {"reachability", Type::text, "of a manager", field(&Node::reachability)},
                {"manager_addr", Type::text, "of a manager, with port", field(&Node::manager_addr)},
                {"engine_version", Type::text, "version", field(&Node::engine_version)},
                {"os", Type::text, "operating system", field(&Node::os)},
                {"architecture", Type::text, "architecture", field(&Node::architecture)},
                {"nano_cpus", Type::integer, "CPUs, 1e-9", field(&Node::nano_cpus)},
                {"memory_bytes", Type::integer, "bytes", field(&Node::memory_bytes)},
                {"created_at", Type::text, "when it joined", field(&Node::created_at)},
                {"updated_at", Type::text, "last change", field(&Node::updated_at)},
                {"labels", Type::json, "labels", field(&Node::labels)},
                {"locator", Type::text, std::string(locator_help), [](const NodeRow& row) { return cell(row.locator); }},
            },
        .examples = {"select hostname, role, state, engine_version from docker_node"},
        .rows =
            [](Scan& scan) {
                const auto& listing = scan.facts().engine.nodes();
                std::vector<NodeRow> rows;
                for (const Node& item : items_of(scan, listing)) rows.push_back({&item, listing.locator});
                return rows;
            },
    });
}

}  // namespace bulkhead::tables
