// SPDX-License-Identifier: Apache-2.0
// swarm_certificate: the Swarm's root CA and this node's own certificate, from what dockerd keeps in its data root
// (swarm/certificates/swarm-root-ca.crt and swarm-node.crt; moby daemon/cluster, swarmkit ca/config.go) and, on a manager, from
// GET /swarm, TLSInfo.TrustRoot. Keys (swarm-node.key) are never read.
#include "engine/certificate.h"
#include "tables/swarm_roots.h"

namespace bulkhead::tables {

namespace {

struct Row {
    std::string kind;
    std::string node_id;
    engine::Certificate certificate;
    std::string locator;
    std::string signed_by;
};

// Who signed the node's certificate and those between: proved by keys.
void find_signers(std::vector<Row>& rows) {
    for (Row& row : rows) {
        if (row.kind == "root") continue;
        for (const Row& other : rows) {
            if (other.kind == "node" || &other == &row || !engine::is_signed_by(row.certificate, other.certificate)) continue;
            if (row.signed_by != "root") row.signed_by = other.kind;
        }
    }
}

void add(Scan& scan, std::vector<Row>& rows, const std::string& kind, const std::string& node_id, const std::string& pem, const std::string& locator) {
    const auto certificates = engine::parse_certificates(pem);
    if (!certificates) return scan.failed(locator, certificates.error().message);
    for (const engine::Certificate& certificate : *certificates) {
        // The node's file may hold the certificates above its own too.
        rows.push_back({certificate.is_ca && kind == "node" ? "intermediate" : kind, node_id, certificate, locator});
    }
}

std::vector<Row> rows(Scan& scan) {
    const auto& about = scan.facts().engine.info();
    for (const auto& problem : about.problems) scan.failed(problem.locator, problem.reason);
    if (about.items.empty()) return {};
    const engine::Info& info = about.items.front();
    if (info.swarm.local_node_state == "inactive") return {};
    std::vector<Row> certificates;
    if (const auto roots = swarm_roots(scan, info)) add(scan, certificates, "root", info.swarm.node_id, roots->pem, roots->locator);
    if (const auto node = swarm_certificate_file(scan, info, "swarm-node.crt")) add(scan, certificates, "node", info.swarm.node_id, node->pem, node->locator);
    find_signers(certificates);
    return certificates;
}

auto of(std::string engine::Certificate::* member) {
    return [member](const Row& row) { return cell(row.certificate.*member); };
}

}  // namespace

Table swarm_certificate() {
    return make_table<Row>({
        .name = "swarm_certificate",
        .help = "The Swarm's root CA and this node's certificate; never a key. No row where the engine is in no swarm.",
        .columns =
            {
                {"kind", Type::text, "root, intermediate, node", [](const Row& row) { return cell(row.kind); }},
                {"node_id", Type::text, "this node", [](const Row& row) { return cell(row.node_id); }},
                {"subject", Type::text, "whose it is", of(&engine::Certificate::subject)},
                {"issuer", Type::text, "who signed it", of(&engine::Certificate::issuer)},
                {"signed_by", Type::text, "the kind of certificate whose key signed it, here: root, intermediate; empty: neither of those here",
                 [](const Row& row) { return cell(row.signed_by); }},
                {"serial", Type::text, "hexadecimal", of(&engine::Certificate::serial)},
                {"not_before_ms", Type::integer, "valid from, unix milliseconds", [](const Row& row) { return cell(row.certificate.not_before); }},
                {"not_after_ms", Type::integer, "valid until, unix milliseconds", [](const Row& row) { return cell(row.certificate.not_after); }},
                {"not_before", Type::text, "valid from",
                 [](const Row& row) { return row.certificate.not_before ? cell(rfc3339(*row.certificate.not_before)) : Cell{}; }},
                {"not_after", Type::text, "valid until",
                 [](const Row& row) { return row.certificate.not_after ? cell(rfc3339(*row.certificate.not_after)) : Cell{}; }},
                {"key_kind", Type::text, "EC 256, RSA 2048, ...", of(&engine::Certificate::key_kind)},
                {"fingerprint", Type::text, "SHA-256, hexadecimal", of(&engine::Certificate::fingerprint)},
                {"is_ca", Type::boolean, "may sign others", [](const Row& row) { return cell(row.certificate.is_ca); }},
                {"self_issued", Type::boolean, "subject and issuer are one", [](const Row& row) { return cell(row.certificate.self_issued); }},
                {"locator", Type::text, "the reading this row was made from", [](const Row& row) { return cell(row.locator); }},
            },
        .examples = {"select kind, subject, not_after from swarm_certificate"},
        .rows = rows,
    });
}

}  // namespace bulkhead::tables
