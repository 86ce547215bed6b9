// SPDX-License-Identifier: Apache-2.0
// Which answers of which servers are those to a stranger who is served, and to one who is not. Each is from the protocol's own document.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "host/answer.h"

namespace bulkhead::host {

namespace {

constexpr std::size_t said_bytes_max = 80;

AnswerVerdict served(std::string said) { return {Served::stranger, std::move(said)}; }
AnswerVerdict asks(std::string said) { return {Served::known_only, std::move(said)}; }

std::string first_line(std::string_view bytes) {
    return text::printable(bytes.substr(0, std::min({bytes.find_first_of("\r\n"), bytes.size(), said_bytes_max})));
}

AnswerVerdict not_told(const Answer& answer) {
    if (!answer.bytes.empty()) return {Served::not_told, first_line(answer.bytes)};
    if (answer.alert) return {Served::not_told, fmt::format("TLS alert {}", *answer.alert)};
    return {Served::not_told, answer.end == "none" ? "nothing" : answer.end};
}

AnswerVerdict judge_redis(const Answer& answer) {
    if (answer.bytes.starts_with("+PONG")) return served(first_line(answer.bytes));
    for (const char* refusal : {"-NOAUTH", "-DENIED", "-NOPERM"}) {
        if (answer.bytes.starts_with(refusal)) return asks(first_line(answer.bytes));
    }
    return not_told(answer);
}

AnswerVerdict judge_memcached(const Answer& answer) {
    if (answer.bytes.starts_with("VERSION ")) return served(first_line(answer.bytes));
    if (answer.bytes.starts_with("CLIENT_ERROR unauthenticated")) return asks(first_line(answer.bytes));
    return not_told(answer);
}

// Words: what an answer of 200 must have in it to be the product's.
AnswerVerdict judge_http(const Answer& answer, std::string_view words) {
    if (!answer.bytes.starts_with("HTTP/1.") || answer.bytes.size() < 12) return not_told(answer);
    const std::string_view status = std::string_view(answer.bytes).substr(9, 3);
    // 516 is ClickHouse's own.
    if (status == "401" || status == "403" || status == "516") return asks(first_line(answer.bytes));
    if (answer.bytes.contains("user name is empty")) return asks(first_line(answer.bytes) + ", user name is empty");  // etcd, with status 400
    if (status == "200" && text::lower(answer.bytes).contains(words)) return served(first_line(answer.bytes));
    return not_told(answer);
}

AnswerVerdict judge_mongodb(const Answer& answer) {
    if (answer.bytes.contains("Unauthorized") || answer.bytes.contains("requires authentication")) return asks("Unauthorized");
    if (answer.bytes.contains("databases")) return served("a list of databases");
    return not_told(answer);
}

// PostgreSQL, "Message Formats": R is a request for authentication, of kind 0 where none is wanted.
AnswerVerdict judge_postgresql(const Answer& answer) {
    if (answer.bytes.size() < 9 || !answer.bytes.starts_with("R")) return not_told(answer);
    const std::string_view kind = std::string_view(answer.bytes).substr(5, 4);
    if (kind == std::string_view("\0\0\0\0", 4)) return served("AuthenticationOk");
    return asks(fmt::format("authentication of kind {}", static_cast<unsigned char>(kind[3])));
}

// CQL binary protocol, 2.4: READY is 2, AUTHENTICATE is 3.
AnswerVerdict judge_cassandra(const Answer& answer) {
    if (answer.bytes.size() < 9 || static_cast<unsigned char>(answer.bytes[0]) != 0x84) return not_told(answer);
    if (answer.bytes[4] == 2) return served("READY");
    if (answer.bytes[4] == 3) return asks("AUTHENTICATE");
    return not_told(answer);
}

AnswerVerdict judge_nats(const Answer& answer) {
    if (!answer.bytes.starts_with("INFO")) return not_told(answer);
    const bool wants = answer.bytes.contains("auth_required") || answer.bytes.contains("tls_verify");
    return wants ? asks(first_line(answer.bytes)) : served(first_line(answer.bytes));
}

// certificate_required, bad_certificate, unknown_ca; handshake_failure alone says nothing, behind a request for a certificate it does.
bool asked_by_tls(const Answer& answer) {
    return answer.alert && answer.asks_certificate && (*answer.alert == 116 || *answer.alert == 42 || *answer.alert == 48 || *answer.alert == 40);
}

}  // namespace

std::string_view name(Served served) {
    switch (served) {
        case Served::stranger: return "open";
        case Served::known_only: return "asks";
        case Served::not_told: break;
    }
    return "";
}

AnswerVerdict judge_store(std::string_view question, const Answer& answer) {
    if (asked_by_tls(answer)) return asks(fmt::format("a certificate is wanted (TLS alert {})", *answer.alert));
    if (question == "redis") return judge_redis(answer);
    if (question == "memcached") return judge_memcached(answer);
    if (question == "etcd") return judge_http(answer, "cluster_id");
    if (question == "elasticsearch") return judge_http(answer, "cluster_name");
    if (question == "couchdb") return judge_http(answer, "server: couchdb");
    if (question == "influxdb") return judge_http(answer, "x-influxdb-version:");
    if (question == "clickhouse") return judge_http(answer, "x-clickhouse-");
    if (question == "consul") return judge_http(answer, "content-type: application/json");
    if (question == "mongodb") return judge_mongodb(answer);
    if (question == "postgresql" || question == "cockroachdb") return judge_postgresql(answer);
    if (question == "cassandra") return judge_cassandra(answer);
    if (question == "nats") return judge_nats(answer);
    return not_told(answer);
}

// Lines "TYPE FLAGS STREAM LENGTH" (RFC 9113): the call is on stream 1. DATA is 0, HEADERS 1 (flag 1: nothing follows), RST_STREAM 3, GOAWAY 7.
AnswerVerdict judge_call(const Answer& answer) {
    bool refused = false;
    for (const std::string_view line : text::lines(answer.bytes)) {
        const auto words = text::words(line);
        if (words.size() != 4) return {Served::not_told, first_line(answer.bytes)};
        const bool ours = words[2] == "1";
        if (ours && words[0] == "0" && words[3] != "0") return served("data");
        const bool ends = words[0] == "1" && (text::to_integer(words[1]).value_or(0) & 1) != 0;
        refused = refused || (ours && (ends || words[0] == "3")) || words[0] == "7";
    }
    if (refused) return asks("no data");
    if (answer.alert) return asks(fmt::format("TLS alert {}", *answer.alert));
    if (answer.bytes.empty() && (answer.end == "closed" || answer.end == "reset")) return asks("the connection was closed");
    return {Served::not_told, answer.end == "none" ? "no end of the call" : answer.end};
}

}  // namespace bulkhead::host
