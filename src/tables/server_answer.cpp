// SPDX-License-Identifier: Apache-2.0
// server_answer: what a data store answers to somebody it does not know. Nobody asks without --probe: then the row is there and says so,
// which is no failure. Over TCP, and over TLS where that answer is none the question knows.
#include "base/ip.h"
#include "base/text.h"
#include "host/answer.h"
#include "tables/docker_rows.h"
#include "world/question.h"

namespace bulkhead::tables {

namespace {

struct Row {
    std::int64_t pid = 0;
    std::string address;
    std::int64_t port = 0;
    std::string question;
    bool asked = false;
    std::string over;
    host::AnswerVerdict verdict;
    std::string problem;
    std::string locator;
};

// The questions that a protocol asks over TLS from its first byte.
bool may_be_over_tls(std::string_view question) { return question != "postgresql" && question != "cockroachdb" && question != "nats"; }

// Whether an answer was told; the row says what, or why there is none.
bool ask(Scan& scan, world::Over over, Row& row) {
    const auto reading = scan.facts().world.read(world::answer_of(row.question, over, row.address, static_cast<int>(row.port), row.pid));
    const bool first = row.locator.empty();
    if (!reading->present()) {
        // That a server does not speak TLS either is no news.
        if (first) {
            row.problem = reading->reason.empty() ? "nothing was read" : reading->reason;
            row.asked = world::was_asked(*reading);
            row.locator = reading->locator;
        }
        return false;
    }
    const auto answer = host::parse_answer(reading->bytes);
    const host::AnswerVerdict verdict = answer ? host::judge_store(row.question, *answer) : host::AnswerVerdict{};
    if (!first && verdict.served == host::Served::not_told) return false;
    row.asked = true;
    row.verdict = verdict;
    row.problem = answer ? "" : answer.error().message;
    row.over = over == world::Over::tls ? "TLS" : "TCP";
    row.locator = reading->locator;
    return verdict.served != host::Served::not_told;
}

std::vector<Row> read(Scan& scan) {
    Row row;
    row.pid = text::to_integer(scan.wanted("pid").value_or("")).value_or(0);
    row.port = text::to_integer(scan.wanted("port").value_or("")).value_or(0);
    row.address = scan.wanted("address").value_or("");
    row.question = scan.wanted("question").value_or("");
    const bool is_known = std::ranges::find(world::question_names, row.question) != std::end(world::question_names) && !row.question.starts_with("swarm");
    if (!is_known || row.pid <= 0 || row.port < 1 || row.port > 65535 || !IpAddress::parse(row.address)) {
        scan.failed("banner:" + text::printable(row.question), "nobody can be asked that: not a process, an address, a port or a question to a data store");
        return {};
    }
    const bool told = ask(scan, world::Over::tcp, row);
    if (!told && row.asked && row.problem.empty() && may_be_over_tls(row.question)) ask(scan, world::Over::tls, row);
    return {row};
}

}  // namespace

Table server_answer() {
    return make_table<Row>({
        .name = "server_answer",
        .help = "What a data store answers to somebody it does not know; only asked with --probe.",
        .columns = {{"pid", Type::integer, "a process in whose network namespace it is asked", of(&Row::pid)},
                    {"address", Type::text, "of the server", of(&Row::address)},
                    {"port", Type::integer, "of the server", of(&Row::port)},
                    {"question", Type::text,
                     "redis, memcached, etcd, elasticsearch, couchdb, influxdb, clickhouse, consul, mongodb, postgresql, cockroachdb, cassandra, nats",
                     of(&Row::question)},
                    {"asked", Type::boolean, "the server was asked", of(&Row::asked)},
                    {"over", Type::text, "TCP, TLS; null: no answer", [](const Row& row) { return text_or_null(row.over); }},
                    {"served", Type::text, "open: it serves strangers; asks: it wants to know who comes; null: its answer tells neither",
                     [](const Row& row) { return text_or_null(std::string(name(row.verdict.served))); }},
                    {"said", Type::text, "what it answered, in a few words", [](const Row& row) { return text_or_null(row.verdict.said); }},
                    {"problem", Type::text, "why there is no answer", [](const Row& row) { return text_or_null(row.problem); }},
                    {"locator", Type::text, std::string(locator_help), of(&Row::locator)}},
        .required = {"pid", "address", "port", "question"},
        .examples = {"select served, said from server_answer where pid = 900 and address = '192.0.2.10' and port = 6379 and question = 'redis'"},
        .rows = read,
        .reads_long = true,
    });
}

}  // namespace bulkhead::tables
