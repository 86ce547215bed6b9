// SPDX-License-Identifier: Apache-2.0
// swarm_management_answer: what the managers' port for management speaks on the wire, and to whom: to one without a certificate, to one with a
// certificate that no CA signed, and without TLS. Nobody asks without --probe: then the rows say so, which is no failure.
//
// A manager cannot refuse the handshake of one without a certificate: nodes that want to join have none yet, and ask for theirs there
// (swarmkit, ca/config.go). So what counts is whether a call that only managers may make is answered.
#include "base/ip.h"
#include "base/json.h"
#include "base/text.h"
#include "engine/certificate.h"
#include "host/answer.h"
#include "tables/docker_rows.h"
#include "tables/swarm_roots.h"
#include "world/question.h"

namespace bulkhead::tables {

namespace {

constexpr std::size_t managers_max = 64;  // asked in one run; a Swarm has seven at most to be of use (Docker documentation, "Administer a swarm")

// How one way of asking went.
struct Told {
    std::string served;  // "data", "refused", ""
    std::string said;
    std::string locator;
};

struct Row {
    std::string address;
    std::int64_t port = 0;
    std::string node_id;
    bool asked = false;
    host::Answer answer;  // to the call without a certificate
    std::optional<engine::Certificate> certificate;
    std::optional<bool> proved;  // nothing: the root is not known, or there is no certificate
    Told stranger, forged, clear;
    std::string problem;
    std::string locator;
};

Told told(const world::Reading& reading, host::Answer* kept = nullptr) {
    if (!reading.present()) return {"", reading.reason, reading.locator};
    auto answer = host::parse_answer(reading.bytes);
    if (!answer) return {"", answer.error().message, reading.locator};
    const host::AnswerVerdict verdict = host::judge_call(*answer);
    if (kept != nullptr) *kept = std::move(*answer);
    switch (verdict.served) {
        case host::Served::stranger: return {"data", verdict.said, reading.locator};
        case host::Served::known_only: return {"refused", verdict.said, reading.locator};
        case host::Served::not_told: break;
    }
    return {"", verdict.said, reading.locator};
}

// Whether one of the roots signed the first certificate, or one that another of the chain, itself signed by a root, did.
bool is_proved(const std::vector<engine::Certificate>& chain, const std::vector<engine::Certificate>& roots) {
    const auto by_root = [&](const engine::Certificate& child) {
        return std::ranges::any_of(roots, [&](const engine::Certificate& root) { return engine::is_signed_by(child, root); });
    };
    if (by_root(chain.front())) return true;
    return std::ranges::any_of(chain, [&](const engine::Certificate& one) { return one.is_ca && by_root(one) && engine::is_signed_by(chain.front(), one); });
}

void judge_certificate(Row& row, const std::vector<engine::Certificate>& roots) {
    const auto chain = engine::parse_certificates(row.answer.certificates);
    if (!chain) return;
    row.certificate = chain->front();
    if (!roots.empty()) row.proved = is_proved(*chain, roots);
}

// "192.0.2.10:2377", "[2001:db8::1]:2377"
std::optional<Row> manager_of(const json::Value& remote) {
    const std::string where = remote["Addr"].text_or();
    const std::size_t colon = where.rfind(':');
    if (colon == std::string::npos) return std::nullopt;
    std::string address = where.substr(0, colon);
    if (address.starts_with('[') && address.ends_with(']')) address = address.substr(1, address.size() - 2);
    const auto parsed = IpAddress::parse(address);
    const auto port = text::to_integer(std::string_view(where).substr(colon + 1));
    if (!parsed || !port || *port < 1 || *port > 65535) return std::nullopt;
    Row row;
    row.address = parsed->text();
    row.port = *port;
    row.node_id = remote["NodeID"].text_or();
    return row;
}

std::vector<Row> managers(Scan& scan, const engine::Info& info) {
    std::vector<Row> rows;
    for (const json::Value& remote : info.document->root()["Swarm"]["RemoteManagers"].items()) {
        auto row = manager_of(remote);
        if (!row) {
            scan.failed(info.source->locator, "the address of a manager cannot be read: " + text::printable(remote["Addr"].text_or()));
        } else if (rows.size() == managers_max) {
            scan.failed(info.source->locator, "more managers than are asked");
            break;
        } else {
            rows.push_back(std::move(*row));
        }
    }
    return rows;
}

void ask(Scan& scan, std::int64_t pid, std::vector<Row>& rows) {
    static constexpr std::string_view questions[] = {"swarm", "swarm_forged", "swarm_clear"};
    std::vector<world::Request> requests;
    for (const Row& row : rows) {
        for (const std::string_view question : questions)
            requests.push_back(world::answer_of(question, world::Over::tcp, row.address, static_cast<int>(row.port), pid));
    }
    const auto readings = scan.facts().world.read_all(requests);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto& first = *readings[3 * i];
        rows[i].locator = first.locator;
        rows[i].asked = world::was_asked(first);
        rows[i].problem = first.present() ? "" : first.reason.empty() ? "nothing was read" : first.reason;
        rows[i].stranger = told(first, &rows[i].answer);
        rows[i].forged = told(*readings[3 * i + 1]);
        rows[i].clear = told(*readings[3 * i + 2]);
    }
}

std::vector<Row> read(Scan& scan) {
    Facts& facts = scan.facts();
    const auto& about = facts.engine.info();
    for (const auto& problem : about.problems) scan.failed(problem.locator, problem.reason);
    if (about.items.empty()) return {};
    const engine::Info& info = about.items.front();
    if (info.swarm.local_node_state == "inactive") return {};
    const auto& pid = facts.host.engine_pid();
    if (!pid) {
        scan.failed(facts.host.engine_problem().locator, facts.host.engine_problem().reason);
        return {};
    }
    std::vector<Row> rows = managers(scan, info);
    ask(scan, *pid, rows);
    if (std::ranges::none_of(rows, [](const Row& row) { return row.answer.tls; })) return rows;
    std::vector<engine::Certificate> roots;
    if (const auto pem = swarm_roots(scan, info)) {
        auto parsed = engine::parse_certificates(pem->pem);
        if (parsed) roots = std::move(*parsed);
        if (!parsed) scan.failed(pem->locator, parsed.error().message);
    }
    for (Row& row : rows) judge_certificate(row, roots);
    return rows;
}

auto certificate(std::string engine::Certificate::* member) {
    return [member](const Row& row) { return row.certificate ? cell((*row.certificate).*member) : Cell{}; };
}

auto answered(Told Row::* way) {
    return [way](const Row& row) { return text_or_null((row.*way).served); };
}

auto said(Told Row::* way) {
    return [way](const Row& row) { return text_or_null((row.*way).said); };
}

std::vector<Column<Row>> columns() {
    return {{"address", Type::text, "of the manager", of(&Row::address)},
            {"port", Type::integer, "for management, 2377", of(&Row::port)},
            {"node_id", Type::text, "of the manager", of(&Row::node_id)},
            {"asked", Type::boolean, "the manager was asked", of(&Row::asked)},
            {"tls_version", Type::text, "TLSv1.3, ...; null: no handshake", [](const Row& row) { return text_or_null(row.answer.tls_version); }},
            {"cipher", Type::text, "of the connection", [](const Row& row) { return text_or_null(row.answer.cipher); }},
            {"speaks_tls", Type::boolean, "null: not known",
             [](const Row& row) { return row.answer.tls               ? cell(true)
                                         : row.answer.end == "no_tls" ? cell(false)
                                                                      : Cell{}; }},
            {"asks_certificate", Type::boolean, "it wants to see a certificate; null: no handshake",
             [](const Row& row) { return row.answer.tls ? cell(row.answer.asks_certificate) : Cell{}; }},
            {"subject", Type::text, "whose certificate it shows", certificate(&engine::Certificate::subject)},
            {"issuer", Type::text, "who signed that, by its name", certificate(&engine::Certificate::issuer)},
            {"not_after_ms", Type::integer, "until when that is valid, unix milliseconds",
             [](const Row& row) { return row.certificate ? cell(row.certificate->not_after) : Cell{}; }},
            {"not_after", Type::text, "the same as text",
             [](const Row& row) { return row.certificate && row.certificate->not_after ? cell(rfc3339(*row.certificate->not_after)) : Cell{}; }},
            {"proved_by_root", Type::boolean, "the key of the Swarm's root signed it; null: the root or the certificate is not known", of(&Row::proved)},
            {"without_certificate", Type::text, "a call without a certificate: data, refused; null: not told", answered(&Row::stranger)},
            {"without_certificate_said", Type::text, "by what", said(&Row::stranger)},
            {"forged_certificate", Type::text, "the call with a certificate that no CA signed: data, refused; null: not told", answered(&Row::forged)},
            {"forged_certificate_said", Type::text, "by what", said(&Row::forged)},
            {"without_tls", Type::text, "the call without TLS: data, refused; null: not told", answered(&Row::clear)},
            {"without_tls_said", Type::text, "by what", said(&Row::clear)},
            {"forged_locator", Type::text, "of the call with a forged certificate", [](const Row& row) { return cell(row.forged.locator); }},
            {"clear_locator", Type::text, "of the call without TLS", [](const Row& row) { return cell(row.clear.locator); }},
            {"problem", Type::text, "why there is no answer", [](const Row& row) { return text_or_null(row.problem); }},
            {"locator", Type::text, std::string(locator_help), of(&Row::locator)}};
}

}  // namespace

Table swarm_management_answer() {
    return make_table<Row>({
        .name = "swarm_management_answer",
        .help = "What the managers of the Swarm answer on their port for management, to somebody they do not know; only asked with --probe.",
        .columns = columns(),
        .examples = {"select address, tls_version, subject, without_certificate from swarm_management_answer where asked"},
        .rows = read,
    });
}

}  // namespace bulkhead::tables
