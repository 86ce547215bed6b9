// SPDX-License-Identifier: Apache-2.0
// The JSON of observed_text.h.
#include <fmt/format.h>

#include <iterator>

#include "base/clock.h"
#include "base/json.h"
#include "flow/l7_text.h"
#include "flow/observed_text.h"
#include "flow/record_text.h"

namespace bulkhead::flow {

namespace {

constexpr std::int64_t ns_per_ms = 1'000'000;

template <class... Args>
void append(std::string& out, fmt::format_string<Args...> format, Args&&... args) {
    fmt::format_to(std::back_inserter(out), format, std::forward<Args>(args)...);
}

void append_text(std::string& out, std::string_view key, std::string_view value) {
    if (!value.empty()) append(out, "\"{}\":{},", key, json::quote(value));
}

void append_identity(std::string& out, const Identity& identity) {
    append_text(out, "kind", name(identity.who));
    append_text(out, "container", identity.container);
    append_text(out, "container_id", identity.container_id);
    append_text(out, "project", identity.project);
    append_text(out, "service", identity.service);
    append_text(out, "task", identity.task);
    append_text(out, "image", identity.image);
    append_text(out, "network", identity.network);
    append_text(out, "host", identity.node);
}

void append_party(std::string& out, const Party& party, const packet::Address& address, std::uint16_t port, bool ports) {
    out += '{';
    if (party.identity) append_identity(out, *party.identity);
    append(out, "\"ip\":\"{}\"", address_text(address));
    if (ports) append(out, ",\"port\":{}", port);
    if (party.translated) append(out, ",\"translated_ip\":\"{}\",\"translated_port\":{}", address_text(party.translated->address), party.translated->port);
    if (const auto& process = party.process) {
        if (!process->name.empty()) append(out, ",\"process\":{}", json::quote(process->name));
        append(out, ",\"pid\":{}", process->pid);
        if (!process->exe.empty()) append(out, ",\"exe\":{}", json::quote(process->exe));
    }
    for (std::size_t i = 0; i < party.names.size(); ++i) append(out, "{}{}", i == 0 ? ",\"names\":[" : ",", json::quote(party.names[i]));
    out += party.names.empty() ? "}" : "]}";
}

}  // namespace

void append_json(std::string& out, const Observed& flow) {
    const Record& record = flow.record;
    const bool ports = has_ports(record);
    append(out, "{{\"schema\":\"{}\",\"time\":\"{}\",\"end_time\":\"{}\",\"verdict\":\"{}\",\"source\":", record_schema, rfc3339(record.first_ns / ns_per_ms),
           rfc3339(record.last_ns / ns_per_ms), name(flow.verdict));
    append_party(out, flow.source, record.source(), record.source_port(), ports);
    out += ",\"destination\":";
    append_party(out, flow.destination, record.destination(), record.destination_port(), ports);
    append(out, ",\"protocol\":\"{}\"", protocol_name(record.key.protocol()));
    if (flow.l7) {
        out += ",\"l7\":";
        append_l7_json(out, *flow.l7);
    }
    append(out, ",\"packets\":{{\"to_destination\":{},\"to_source\":{}}},\"bytes\":{{\"to_destination\":{},\"to_source\":{}}}", record.sent[0].packets,
           record.sent[1].packets, record.sent[0].bytes, record.sent[1].bytes);
    if (!flow.network.empty()) append(out, ",\"network\":{}", json::quote(flow.network));
    if (record.vlan != 0) append(out, ",\"vlan\":{}", record.vlan);
    if (record.key.network() != 0) append(out, ",\"vni\":{}", record.key.network());
    if (const auto sealed = flow.encrypted ? flow.encrypted : encrypted(record)) append(out, ",\"encrypted\":{}", *sealed);
    if (!flow.node.empty()) append(out, ",\"node\":{}", json::quote(flow.node));
    if (record.tunnelled)
        append(out, ",\"outer\":{{\"source\":\"{}\",\"destination\":\"{}\"}}", address_text(record.outer_source), address_text(record.outer_destination));
    if (record.fragments != 0) append(out, ",\"fragments\":{}", record.fragments);
    if (record.key.protocol() == packet::protocol::tcp) append_tcp_json(out, record);
    if (flow.userland_proxy) out += ",\"userland_proxy\":true";
    if (flow.loss != 0) append(out, ",\"loss\":{}", flow.loss);
    append(out, ",\"end\":\"{}\"}}", name(record.end));
}

}  // namespace bulkhead::flow
