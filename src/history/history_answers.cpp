// SPDX-License-Identifier: Apache-2.0
// The rows that a HistoryReader answers with, by kind.
#include <algorithm>
#include <limits>

#include "base/json.h"
#include "base/text.h"
#include "flow/fields.h"
#include "flow/l7_text.h"
#include "flow/record_text.h"
#include "history/dictionary.h"
#include "history/history_reader.h"

namespace bulkhead::history {

namespace {

constexpr std::int64_t ns_per_ms = 1'000'000;

std::int64_t ns_of(UnixMs ms) {
    constexpr std::int64_t greatest = std::numeric_limits<std::int64_t>::max();
    if (ms > greatest / ns_per_ms) return greatest;
    if (ms < -greatest / ns_per_ms) return std::numeric_limits<std::int64_t>::min();
    return ms * ns_per_ms;
}

// What cannot be pushed down is left to who asked.
void narrow(EndQuery& end, std::string_view column, const std::string& value) {
    if (column == "container" || column == "container_id") end.containers.push_back(value);
    if (column == "project") end.projects.push_back(value);
    if (column == "service") end.services.push_back(value);
    if (column == "image") end.images.push_back(value);
    if (column == "ip") {
        if (auto prefix = Prefix::parse(value)) end.addresses.push_back(*prefix);
    }
    if (column == "port") {
        const auto port = text::to_integer(value);
        if (port && *port >= 0 && *port <= UINT16_MAX) end.ports.push_back(static_cast<std::uint16_t>(*port));
    }
}

Query query_of(const Conditions& conditions) {
    Query query;
    const auto [since, until] = times_of(conditions);
    query.since_ns = ns_of(since);
    query.until_ns = ns_of(until);
    constexpr std::string_view source = "source_", destination = "destination_";
    for (const auto& [key, value] : conditions) {
        const std::string_view column = key;
        if (column.starts_with(source)) narrow(query.source, column.substr(source.size()), value);
        if (column.starts_with(destination)) narrow(query.destination, column.substr(destination.size()), value);
        if (column == "protocol") {
            for (int number = 0; number <= UINT8_MAX; ++number) {
                if (flow::protocol_name(static_cast<std::uint8_t>(number)) == value) query.protocols.push_back(static_cast<std::uint8_t>(number));
            }
        }
        if (column == "network") query.networks.push_back(value);
        if (column == "l7_name") query.l7_names.push_back(value);
    }
    return query;
}

void add_field(const flow::Field& field, const flow::Observed& flow, AnswerText& out) {
    const flow::FieldValue value = field.read(flow);
    if (const auto* number = std::get_if<std::int64_t>(&value)) {
        out.number(field.name, *number);
    } else if (const auto* text = std::get_if<std::string>(&value)) {
        if (field.type == flow::FieldType::json) {
            out.json(field.name, *text);
        } else {
            out.text(field.name, *text);
        }
    }
}

void add_flow(const flow::Observed& flow, AnswerText& out) {
    out.begin();
    for (const flow::Field& field : flow::fields()) add_field(field, flow, out);
    out.end();
}

void add_end_of(const std::string& side, const flow::Party& party, const packet::Address& address, AnswerText& out) {
    if (party.identity) {
        out.text(side + "_container", party.identity->container);
        out.text(side + "_project", party.identity->project);
        out.text(side + "_service", party.identity->service);
    }
    out.text(side + "_ip", flow::address_text(address));
}

// Whose exchange it is, in each row of what was said.
void add_ends(const flow::Observed& flow, AnswerText& out) {
    add_end_of("source", flow.source, flow.record.source(), out);
    add_end_of("destination", flow.destination, flow.record.destination(), out);
    out.number("destination_port", flow.record.destination_port());
    out.text("network", flow.network);
    out.text("node", flow.node);
}

void add_dns(const flow::Observed& flow, AnswerText& out) {
    for (const flow::DnsQuery& query : flow.l7->dns) {
        out.begin();
        out.time("time", query.time_ns / ns_per_ms);
        add_ends(flow, out);
        out.text("name", query.name);
        out.text("type", flow::dns_type_name(query.type));
        if (query.rcode >= 0) out.text("rcode", flow::dns_rcode_name(query.rcode));
        out.json("answers", array_text(query.answers));
        if (!query.answers.empty()) out.number("ttl", query.ttl);
        if (query.latency_ns >= 0) out.number("latency_us", query.latency_ns / 1000);
        out.end();
    }
}

void add_http(const flow::Observed& flow, AnswerText& out) {
    for (const flow::HttpRequest& request : flow.l7->http) {
        out.begin();
        out.time("time", request.time_ns / ns_per_ms);
        add_ends(flow, out);
        out.text("method", request.method);
        out.text("host", request.host);
        out.text("path", request.path);
        out.text("version", request.version);
        if (request.status != 0) out.number("status", request.status);
        if (request.latency_ns >= 0) out.number("latency_us", request.latency_ns / 1000);
        out.number("grpc", request.grpc ? 1 : 0);
        out.end();
    }
}

void add_tls(const flow::Observed& flow, AnswerText& out) {
    for (const flow::TlsSession& tls : flow.l7->tls) {
        out.begin();
        out.time("time", flow.record.first_ns / ns_per_ms);
        add_ends(flow, out);
        out.text("server_name", tls.server_name);
        out.text("alpn", tls.alpn);
        out.text("version", tls.version);
        out.text("cipher", tls.cipher);
        out.text("subject", tls.subject);
        out.text("issuer", tls.issuer);
        if (tls.not_after != 0) out.time("not_after", tls.not_after * 1000);
        out.text("ja3", tls.ja3);
        out.text("ja3s", tls.ja3s);
        out.text("ja4", tls.ja4);
        out.end();
    }
}

void add_end(const std::string& side, const flow::Identity& identity, AnswerText& out) {
    out.text(side + "_group", identity.group());
    out.text(side + "_kind", flow::name(identity.who));
    out.text(side + "_container", identity.container);
    out.text(side + "_project", identity.project);
    out.text(side + "_service", identity.service);
    out.text(side + "_network", identity.network);
    out.text(side + "_host", identity.node);
}

std::int64_t number_of(std::uint64_t value) { return static_cast<std::int64_t>(std::min<std::uint64_t>(value, INT64_MAX)); }

void add_blind(const BlindSpot& spot, AnswerText& out) {
    out.begin();
    if (spot.from_ms != 0) out.time("begin_time", spot.from_ms);
    out.time("end_time", spot.until_ms);
    out.text("cause", spot.cause);
    out.text("place", spot.place);
    if (spot.count != 0) out.number("count", spot.count);
    out.text("detail", spot.detail);
    out.end();
}

}  // namespace

Result<void> answer_flows(Reader& reader, const std::string& what, const Conditions& conditions, AnswerText& out) {
    Query query = query_of(conditions);
    const bool dns = what == "dns_query", http = what == "http_request", tls = what == "tls_session";
    query.said = dns ? Said::dns : http ? Said::http : tls ? Said::tls : Said::anything;
    const auto add = dns ? add_dns : http ? add_http : tls ? add_tls : add_flow;
    auto read = reader.flows(query, [&](const flow::Observed& flow) {
        add(flow, out);
        return !out.full();
    });
    if (!read) return std::unexpected(read.error());
    return {};
}

Result<void> answer_edges(Reader& reader, AnswerText& out) {
    auto edges = reader.edges(INT64_MIN, INT64_MAX);
    if (!edges) return std::unexpected(edges.error());
    for (const Edge& edge : *edges) {
        out.begin();
        add_end("source", edge.source, out);
        add_end("destination", edge.destination, out);
        out.text("protocol", flow::protocol_name(edge.protocol));
        if (edge.port) out.number("port", *edge.port);
        out.text("l7_name", edge.l7_name);
        out.time("first_seen", edge.first_seen_ms);
        out.time("last_seen", edge.last_seen_ms);
        out.number("flows", number_of(edge.flows));
        out.number("errors", number_of(edge.errors));
        out.number("packets_to_destination", number_of(edge.packets_to_destination));
        out.number("packets_to_source", number_of(edge.packets_to_source));
        out.number("bytes_to_destination", number_of(edge.bytes_to_destination));
        out.number("bytes_to_source", number_of(edge.bytes_to_source));
        out.end();
        if (out.full()) break;
    }
    return {};
}

Result<void> answer_containers(Reader& reader, const Conditions& conditions, AnswerText& out) {
    const auto [since, until] = times_of(conditions);
    auto events = reader.containers(since, until);
    if (!events) return std::unexpected(events.error());
    const auto wanted = [&](const char* key, const std::string& value) { return !conditions.contains(key) || conditions.at(key) == value; };
    for (const ContainerEvent& event : *events) {
        if (!wanted("container_id", event.container_id) || !wanted("container_name", event.container)) continue;
        out.begin();
        out.time("time", event.time_ms);
        out.text("event", name(event.what));
        out.text("container_id", event.container_id);
        out.text("container_name", event.container);
        out.text("image", event.image);
        out.text("project", event.project);
        out.text("service", event.service);
        if (event.exit_code >= 0) out.number("exit_code", event.exit_code);
        if (auto inspect = json::Document::parse(event.inspect)) out.json("inspect", inspect->root().dump());
        out.end();
        if (out.full()) break;
    }
    return {};
}

Result<void> answer_counters(Reader& reader, const Conditions& conditions, AnswerText& out) {
    const auto [since, until] = times_of(conditions);
    auto all = reader.counters(since, until);
    if (!all) return std::unexpected(all.error());
    for (const DatapathCounters& counters : *all) {
        for (const auto& [name, value] : counters.values) {
            out.begin();
            out.time("time", counters.time_ms);
            out.text("source", counters.source);
            out.text("name", name);
            out.number("value", number_of(value));
            out.end();
        }
        if (out.full()) break;
    }
    return {};
}

// What was noted, and the times in which there was nobody to note anything: before the first watch, between watches, since the last one.
Result<void> answer_blind_spots(Reader& reader, UnixMs now, AnswerText& out) {
    auto coverage = reader.coverage(INT64_MIN, INT64_MAX);
    if (!coverage) return std::unexpected(coverage.error());
    auto pruned = reader.pruned();
    if (!pruned) return std::unexpected(pruned.error());
    constexpr UnixMs heartbeat_ms = 10'000;  // a watch is noted at each batch; what is younger goes on
    UnixMs seen_until = 0;
    for (const Interval& watched : coverage->watched) {
        add_blind({seen_until, watched.from_ms, "nobody_watched", {}, 0, {}}, out);
        seen_until = watched.until_ms;
    }
    if (now > seen_until + heartbeat_ms) add_blind({seen_until, now, "nobody_watched", {}, 0, {}}, out);
    for (const BlindSpot& spot : coverage->blind) {
        add_blind(spot, out);
        if (out.full()) return {};
    }
    for (const Pruned& gone : *pruned) {
        if (gone.what == "flows") add_blind({gone.from_ms, gone.until_ms, "pruned_by_" + gone.cause, {}, gone.rows, "sums of them are in the table edge"}, out);
    }
    return {};
}

Result<void> answer_watched(Reader& reader, AnswerText& out) {
    auto coverage = reader.coverage(INT64_MIN, INT64_MAX);
    if (!coverage) return std::unexpected(coverage.error());
    for (const Interval& watched : coverage->watched) {
        out.begin();
        out.time("begin_time", watched.from_ms);
        out.time("end_time", watched.until_ms);
        out.number("seconds", (watched.until_ms - watched.from_ms) / 1000);
        out.end();
        if (out.full()) break;
    }
    return {};
}

}  // namespace bulkhead::history
