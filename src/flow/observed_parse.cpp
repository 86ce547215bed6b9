// SPDX-License-Identifier: Apache-2.0
#include "flow/observed_parse.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <map>

#include "base/clock.h"
#include "base/ip.h"
#include "base/json.h"
#include "base/text.h"
#include "flow/filter_words.h"
#include "flow/l7_text.h"
#include "flow/record_text.h"

namespace bulkhead::flow {

namespace {

constexpr std::int64_t ns_per_ms = 1'000'000;
constexpr std::size_t names_max = 64;  // of one end

std::unexpected<Error> lacks(std::string_view what) { return fail(Code::invalid_input, fmt::format("the flow has no {}", what)); }

std::uint64_t count_of(json::Value value) { return static_cast<std::uint64_t>(std::max<std::int64_t>(value.integer_or(0), 0)); }

template <class T>
T small(json::Value value) {
    return static_cast<T>(std::clamp<std::int64_t>(value.integer_or(0), 0, std::numeric_limits<T>::max()));
}

std::int64_t ns_of(json::Value value, std::int64_t otherwise) {
    const auto text = value.text();
    const auto ms = text ? parse_rfc3339(*text) : std::nullopt;
    if (!ms || *ms < 0 || *ms > std::numeric_limits<std::int64_t>::max() / ns_per_ms) return otherwise;
    return *ms * ns_per_ms;
}

Result<packet::Address> address_in(json::Value value) {
    const auto address = IpAddress::parse(value.text_or());
    if (!address) return std::unexpected(address.error());
    return mapped(address->bytes(), address->is_v4());
}

std::optional<Who> who_of(std::string_view text) {
    constexpr std::array all = {Who::container, Who::peer, Who::service, Who::gateway, Who::host, Who::node, Who::external, Who::unknown};
    const auto found = std::ranges::find(all, text, [](Who who) { return name(who); });
    return found == all.end() ? std::nullopt : std::optional(*found);
}

Party party_of(json::Value end) {
    Party party;
    if (const auto kind = who_of(end["kind"].text_or())) {
        party.identity = std::make_shared<Identity>(Identity{.who = *kind,
                                                             .container_id = end["container_id"].text_or(),
                                                             .container = end["container"].text_or(),
                                                             .image = end["image"].text_or(),
                                                             .project = end["project"].text_or(),
                                                             .service = end["service"].text_or(),
                                                             .task = end["task"].text_or(),
                                                             .network = end["network"].text_or(),
                                                             .node = end["host"].text_or(),
                                                             .labels = {}});
    }
    if (const auto pid = end["pid"].integer())
        party.process = std::make_shared<Process>(Process{.pid = *pid, .exe = end["exe"].text_or(), .name = end["process"].text_or(), .uid = 0});
    if (const auto address = address_in(end["translated_ip"])) party.translated = Translated{*address, small<std::uint16_t>(end["translated_port"])};
    party.names = end["names"].texts();
    if (party.names.size() > names_max) party.names.resize(names_max);
    return party;
}

std::uint8_t flags_of(std::string_view letters) {
    constexpr std::string_view order = "FSRPAUEC";
    std::uint8_t flags = 0;
    for (const char letter : letters) {
        if (const std::size_t bit = order.find(letter); bit != std::string_view::npos) flags = static_cast<std::uint8_t>(flags | 1U << bit);
    }
    return flags;
}

void read_tcp(Record& record, json::Value tcp) {
    const std::string flags = tcp["flags"].text_or();
    const std::size_t slash = std::min(flags.find('/'), flags.size());
    record.sent[0].tcp_flags = flags_of(std::string_view(flags).substr(0, slash));
    record.sent[1].tcp_flags = flags_of(std::string_view(flags).substr(slash));
    if (const auto rtt = tcp["rtt_us"].integer(); rtt && *rtt >= 0 && *rtt < std::numeric_limits<std::int64_t>::max() / 1000) record.handshake_ns = *rtt * 1000;
    record.sent[0].retransmits = small<std::uint32_t>(tcp["retransmits"]);
    record.sent[0].resets = small<std::uint32_t>(tcp["resets"]);
    record.sent[0].zero_windows = small<std::uint32_t>(tcp["zero_windows"]);
    record.source_certain = tcp["source_certain"].boolean_or(false);
    for (const Side side : {Side::source, Side::destination}) {
        if (tcp["closed_by"].text_or() == name(side)) record.closed_by = side;
    }
}

// As dns_type_name and dns_rcode_name write them. Types without a name have their number in it.
std::uint16_t dns_type_of(const std::string& text) {
    constexpr std::uint16_t named_max = 300;
    static const auto types = [] {
        std::map<std::string, std::uint16_t> out;
        for (std::uint16_t type = 0; type < named_max; ++type) out[dns_type_name(type)] = type;
        return out;
    }();
    if (const auto found = types.find(text); found != types.end()) return found->second;
    const auto number = text.starts_with("TYPE") ? text::to_integer(std::string_view(text).substr(4)) : std::nullopt;
    return number && *number >= 0 && *number <= UINT16_MAX ? static_cast<std::uint16_t>(*number) : 0;
}

int dns_rcode_of(const std::string& text) {
    constexpr int rcode_max = 4095;  // RFC 6891, section 6.1.3
    for (int rcode = 0; rcode <= 16; ++rcode) {
        if (dns_rcode_name(rcode) == text) return rcode;
    }
    const auto number = text::to_integer(text);
    return number && *number >= 0 && *number <= rcode_max ? static_cast<int>(*number) : -1;
}

L7Ptr l7_of(json::Value value) {
    if (!value.is_object()) return nullptr;
    auto out = std::make_shared<L7>();
    out->name = value["name"].text_or();
    out->application = value["application"].text_or();
    out->banner = value["banner"].text_or();
    out->user = value["user"].text_or();
    out->database = value["database"].text_or();
    out->risks = value["risks"].texts();
    out->exchanges_left_out = small<std::uint32_t>(value["exchanges_left_out"]);
    const auto latency = [](json::Value one) { return std::clamp<std::int64_t>(one["latency_us"].integer_or(-1), -1, 1'000'000'000'000) * 1000; };
    const auto first = [](std::vector<json::Value> all) {
        if (all.size() > l7_exchanges_max) all.resize(l7_exchanges_max);
        return all;
    };
    for (const json::Value& one : first(value["http"].items())) {
        out->http.push_back({.time_ns = ns_of(one["time"], 0),
                             .method = one["method"].text_or(),
                             .host = one["host"].text_or(),
                             .path = one["path"].text_or(),
                             .version = one["version"].text_or(),
                             .status = small<int>(one["status"]),
                             .latency_ns = std::max<std::int64_t>(latency(one), -1),
                             .grpc = one["grpc"].boolean_or(false)});
    }
    for (const json::Value& one : first(value["dns"].items())) {
        out->dns.push_back({.time_ns = ns_of(one["time"], 0),
                            .name = one["name"].text_or() == "." ? "" : one["name"].text_or(),
                            .type = dns_type_of(one["type"].text_or()),
                            .rcode = dns_rcode_of(one["rcode"].text_or()),
                            .answers = one["answers"].texts(),
                            .ttl = small<std::uint32_t>(one["ttl"]),
                            .latency_ns = std::max<std::int64_t>(latency(one), -1)});
    }
    for (const json::Value& one : value["tls"].items()) {
        if (!out->tls.empty()) break;
        out->tls.push_back({.server_name = one["server_name"].text_or(),
                            .alpn = one["alpn"].text_or(),
                            .version = one["version"].text_or(),
                            .cipher = one["cipher"].text_or(),
                            .subject = one["subject"].text_or(),
                            .issuer = one["issuer"].text_or(),
                            .not_after = ns_of(one["not_after"], 0) / 1'000'000'000,
                            .ja3 = one["ja3"].text_or(),
                            .ja3s = one["ja3s"].text_or(),
                            .ja4 = one["ja4"].text_or()});
    }
    return out;
}

}  // namespace

Result<Observed> parse_observed(std::string_view line) {
    if (line.size() > flow_line_bytes_max) return fail(Code::limit_exceeded, "a flow has at most 1 MiB");
    const auto document = json::Document::parse(line);
    if (!document) return std::unexpected(document.error());
    const json::Value root = document->root();
    if (const std::string schema = root["schema"].text_or(); schema != record_schema)
        return fail(Code::invalid_input, schema.empty() ? std::string("it is no flow: there is no \"schema\"")
                                                        : fmt::format("its schema is {} and not {}", text::printable(schema), record_schema));
    Observed out;
    Record& record = out.record;
    const auto source = address_in(root["source"]["ip"]);
    const auto destination = address_in(root["destination"]["ip"]);
    if (!source) return lacks("address of its source");
    if (!destination) return lacks("address of its destination");
    const auto protocol = parse_protocol(root["protocol"].text_or());
    if (!protocol) return lacks("protocol");
    record.first_ns = ns_of(root["time"], -1);
    if (record.first_ns < 0) return lacks("time");
    record.last_ns = std::max(ns_of(root["end_time"], record.first_ns), record.first_ns);
    const auto source_port = small<std::uint16_t>(root["source"]["port"]);
    const auto destination_port = small<std::uint16_t>(root["destination"]["port"]);
    const int order = order_of(*source, *destination);
    record.source_is_low = order < 0 || (order == 0 && source_port <= destination_port);
    record.key.low = record.source_is_low ? *source : *destination;
    record.key.high = record.source_is_low ? *destination : *source;
    record.key.low_port = record.source_is_low ? source_port : destination_port;
    record.key.high_port = record.source_is_low ? destination_port : source_port;
    record.key.network_and_protocol = (small<std::uint32_t>(root["vni"]) & 0xffffffU) << 8U | *protocol;
    record.sent[0].packets = count_of(root["packets"]["to_destination"]);
    record.sent[1].packets = count_of(root["packets"]["to_source"]);
    record.sent[0].bytes = count_of(root["bytes"]["to_destination"]);
    record.sent[1].bytes = count_of(root["bytes"]["to_source"]);
    record.vlan = small<std::uint16_t>(root["vlan"]);
    record.fragments = small<std::uint32_t>(root["fragments"]);
    const auto outer_source = address_in(root["outer"]["source"]);
    const auto outer_destination = address_in(root["outer"]["destination"]);
    if (outer_source && outer_destination) {
        record.tunnelled = true;
        record.outer_source = *outer_source;
        record.outer_destination = *outer_destination;
    }
    read_tcp(record, root["tcp"]);
    for (const auto end : {End::running, End::closed, End::reset, End::idle, End::replaced, End::evicted}) {
        if (root["end"].text_or() == name(end)) record.end = end;
    }
    out.source = party_of(root["source"]);
    out.destination = party_of(root["destination"]);
    out.l7 = l7_of(root["l7"]);
    out.network = root["network"].text_or();
    out.node = root["node"].text_or();
    out.encrypted = root["encrypted"].boolean();
    for (const Verdict verdict : {Verdict::allow, Verdict::deny, Verdict::audit}) {
        if (root["verdict"].text_or() == name(verdict)) out.verdict = verdict;
    }
    out.userland_proxy = root["userland_proxy"].boolean_or(false);
    out.loss = count_of(root["loss"]);
    return out;
}

}  // namespace bulkhead::flow
