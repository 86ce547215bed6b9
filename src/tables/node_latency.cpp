// SPDX-License-Identifier: Apache-2.0
// node_latency: round trip of a fresh TCP handshake to a Swarm node, measured from the engine's network namespace. Only with
// --probe is anything sent; without, the round trip is null.
#include "base/json.h"
#include "tables/facts.h"
#include "tables/table.h"

namespace bulkhead::tables {

namespace {

constexpr int gossip_port = 7946;  // open on every node of a Swarm (Docker documentation, "Getting started with Swarm mode")

struct Latency {
    std::string address;
    std::optional<std::int64_t> rtt_us;
    std::string reason;
    std::string locator;
};

std::vector<Latency> rows(Scan& scan) {
    Facts& facts = scan.facts();
    const std::string address = scan.wanted("address").value_or("");
    const auto& pid = facts.host.engine_pid();
    if (!pid) {
        scan.failed(facts.host.engine_problem().locator, facts.host.engine_problem().reason);
        return {};
    }
    const auto reading = facts.world.read(world::latency_of(address, gossip_port, *pid));
    Latency latency{address, std::nullopt, reading->reason, reading->locator};
    if (reading->present()) {
        if (const auto document = json::Document::parse(reading->bytes)) latency.rtt_us = document->root()["rtt_us"].integer();
    }
    return {latency};
}

}  // namespace

Table node_latency() {
    return make_table<Latency>({
        .name = "node_latency",
        .help = "Round trip of a TCP handshake to a Swarm node; measured only with --probe.",
        .columns = {{"address", Type::text, "of the node", [](const Latency& row) { return cell(row.address); }},
                    {"rtt_us", Type::integer, "round trip in microseconds; null: not measured", [](const Latency& row) { return cell(row.rtt_us); }},
                    {"reason", Type::text, "why there is none", [](const Latency& row) { return cell(row.reason); }},
                    {"locator", Type::text, "where this row was read", [](const Latency& row) { return cell(row.locator); }}},
        .required = {"address"},
        .examples = {"select rtt_us from node_latency where address = '192.0.2.11'"},
        .rows = rows,
    });
}

}  // namespace bulkhead::tables
