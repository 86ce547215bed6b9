// SPDX-License-Identifier: Apache-2.0
// swarm_certificate: the certificate by which this node is known in its Swarm, from the file that dockerd keeps in its data root
// (swarm/certificates/swarm-node.crt). Workers have one too, which the API of none tells.
#include "engine/certificate.h"
#include "tables/docker_rows.h"
#include "tables/host_rows.h"

namespace bulkhead::tables {

namespace {

struct Row {
    engine::Certificate certificate;
    std::string locator;
};

std::vector<Row> read(Scan& scan) {
    Facts& facts = scan.facts();
    const auto& info = items_of(scan, facts.engine.info());
    if (info.empty() || info.front().swarm.local_node_state.empty() || info.front().swarm.local_node_state == "inactive") return {};
    if (!facts.host.engine_pid()) {
        report(scan, {facts.host.engine_problem()});
        return {};
    }
    const auto reading = facts.world.read(world::file_at(info.front().docker_root_dir + "/swarm/certificates/swarm-node.crt", *facts.host.engine_pid()));
    std::vector<host::Problem> problems;
    const auto certificate = host::parsed<engine::Certificate>(*reading, engine::parse_certificate, problems, host::Absent::is_a_problem);
    report(scan, problems);
    if (!certificate) return {};
    return {{*certificate, reading->locator}};
}

}  // namespace

Table swarm_certificate() {
    return make_table<Row>(TableSpec<Row>{
        .name = "swarm_certificate",
        .help = "the certificate by which this node is known in its Swarm; no row outside of one",
        .columns = {{"subject", Type::text, "node and role", [](const Row& row) { return cell(row.certificate.subject); }},
                    {"not_before_ms", Type::integer, "valid since, unix milliseconds", [](const Row& row) { return cell(row.certificate.not_before); }},
                    {"not_after_ms", Type::integer, "valid until, unix milliseconds", [](const Row& row) { return cell(row.certificate.not_after); }},
                    {"locator", Type::text, std::string(locator_help), of(&Row::locator)}},
        .examples = {"select subject, datetime(not_after_ms / 1000, 'unixepoch') from swarm_certificate"},
        .rows = read});
}

}  // namespace bulkhead::tables
