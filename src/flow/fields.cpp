// SPDX-License-Identifier: Apache-2.0
#include "flow/fields.h"

#include <array>
#include <set>

#include "base/clock.h"
#include "base/json.h"
#include "flow/l7_text.h"
#include "flow/record_text.h"

namespace bulkhead::flow {

namespace {

constexpr std::int64_t ns_per_ms = 1'000'000;

FieldValue text_or_nothing(std::string_view text) {
    if (text.empty()) return {};
    return std::string(text);
}

FieldValue number(std::uint64_t value) { return static_cast<std::int64_t>(value); }

const Party& party(const Observed& flow, Side side) { return side == Side::source ? flow.source : flow.destination; }

template <Side side, std::string Identity::* member>
FieldValue of_identity(const Observed& flow) {
    const auto& identity = party(flow, side).identity;
    return identity ? text_or_nothing((*identity).*member) : FieldValue{};
}

template <Side side>
FieldValue kind_of(const Observed& flow) {
    const auto& identity = party(flow, side).identity;
    return identity ? FieldValue(std::string(name(identity->who))) : FieldValue{};
}

template <Side side>
FieldValue ip_of(const Observed& flow) {
    return address_text(side == Side::source ? flow.record.source() : flow.record.destination());
}

template <Side side>
FieldValue port_of(const Observed& flow) {
    if (!has_ports(flow.record)) return {};
    return number(side == Side::source ? flow.record.source_port() : flow.record.destination_port());
}

template <Side side>
FieldValue translated_ip_of(const Observed& flow) {
    const auto& translated = party(flow, side).translated;
    return translated ? FieldValue(address_text(translated->address)) : FieldValue{};
}

template <Side side>
FieldValue translated_port_of(const Observed& flow) {
    const auto& translated = party(flow, side).translated;
    return translated ? number(translated->port) : FieldValue{};
}

template <Side side>
FieldValue process_of(const Observed& flow) {
    const auto& process = party(flow, side).process;
    return process ? text_or_nothing(process->name) : FieldValue{};
}

template <Side side>
FieldValue exe_of(const Observed& flow) {
    const auto& process = party(flow, side).process;
    return process ? text_or_nothing(process->exe) : FieldValue{};
}

template <Side side>
FieldValue pid_of(const Observed& flow) {
    const auto& process = party(flow, side).process;
    return process ? FieldValue(process->pid) : FieldValue{};
}

template <class Texts>
FieldValue json_array(const Texts& texts) {
    if (texts.empty()) return {};
    std::string out = "[";
    for (const auto& text : texts) {
        if (out.size() > 1) out += ',';
        out += json::quote(text);
    }
    out += ']';
    return out;
}

template <Side side>
FieldValue names_of(const Observed& flow) {
    return json_array(party(flow, side).names);
}

template <std::string L7::* member>
FieldValue of_l7(const Observed& flow) {
    return flow.l7 ? text_or_nothing((*flow.l7).*member) : FieldValue{};
}

template <std::string HttpRequest::* member>
FieldValue of_requests(const Observed& flow) {
    if (!flow.l7) return {};
    std::set<std::string> all;
    for (const HttpRequest& request : flow.l7->http) {
        if (!(request.*member).empty()) all.insert(request.*member);
    }
    return json_array(all);
}

template <std::string TlsSession::* member>
FieldValue of_tls(const Observed& flow) {
    return flow.l7 && !flow.l7->tls.empty() ? text_or_nothing(flow.l7->tls.front().*member) : FieldValue{};
}

FieldValue worst_status(const Observed& flow) {
    int worst = 0;
    if (flow.l7) {
        for (const HttpRequest& request : flow.l7->http) worst = std::max(worst, request.status);
    }
    return worst > 0 ? FieldValue(std::int64_t{worst}) : FieldValue{};
}

FieldValue dns_names(const Observed& flow) {
    std::set<std::string> all;
    if (flow.l7) {
        for (const DnsQuery& query : flow.l7->dns) all.insert(query.name);
    }
    return json_array(all);
}

FieldValue worst_rcode(const Observed& flow) {
    int worst = -1;
    if (flow.l7) {
        for (const DnsQuery& query : flow.l7->dns) worst = std::max(worst, query.rcode);
    }
    return worst >= 0 ? FieldValue(std::int64_t{worst}) : FieldValue{};
}

FieldValue whole_l7(const Observed& flow) {
    if (!flow.l7) return {};
    std::string out;
    append_l7_json(out, *flow.l7);
    return out;
}

FieldValue sealed(const Observed& flow) {
    const auto wire = flow.encrypted ? flow.encrypted : encrypted(flow.record);
    return wire ? FieldValue(std::int64_t{*wire ? 1 : 0}) : FieldValue{};
}

bool is_tcp(const Observed& flow) { return flow.record.key.protocol() == packet::protocol::tcp; }

FieldValue rtt_us(const Observed& flow) {
    const std::int64_t rtt = round_trip_ns(flow.record);
    return is_tcp(flow) && rtt >= 0 ? FieldValue(rtt / 1000) : FieldValue{};
}

template <std::uint32_t Direction::* member>
FieldValue of_both(const Observed& flow) {
    if (!is_tcp(flow)) return {};
    return number(std::uint64_t{flow.record.sent[0].*member} + flow.record.sent[1].*member);
}

FieldValue closed_by(const Observed& flow) {
    return is_tcp(flow) && flow.record.closed_by != Side::none ? FieldValue(std::string(name(flow.record.closed_by))) : FieldValue{};
}

// Each of an end's fields for both ends, so that neither has what the other lacks.
template <Side side>
constexpr std::array<Field, 18> end_fields(std::array<std::string_view, 18> names) {
    using enum FieldType;
    return {{
        {names[0], text, "container, peer, service, gateway, host, node, external or unknown", kind_of<side>},
        {names[1], text, "name of the container", of_identity<side, &Identity::container>},
        {names[2], text, "its id", of_identity<side, &Identity::container_id>},
        {names[3], text, "Compose project or stack", of_identity<side, &Identity::project>},
        {names[4], text, "service of Compose or of Swarm", of_identity<side, &Identity::service>},
        {names[5], text, "task of Swarm", of_identity<side, &Identity::task>},
        {names[6], text, "image the container was started from", of_identity<side, &Identity::image>},
        {names[7], text, "container network the address belongs to", of_identity<side, &Identity::network>},
        {names[8], text, "node the end is on", of_identity<side, &Identity::node>},
        {names[9], text, "address", ip_of<side>},
        {names[10], integer, "port; of TCP, UDP and SCTP", port_of<side>},
        {names[11], text, "address before (source) or behind (destination) a translation of the host", translated_ip_of<side>},
        {names[12], integer, "port before or behind it", translated_port_of<side>},
        {names[13], text, "name of the process that had the socket", process_of<side>},
        {names[14], integer, "its pid", pid_of<side>},
        {names[15], text, "its executable", exe_of<side>},
        {names[16], json, "names of the address, by DNS answers seen on the wire", names_of<side>},
        {names[17], text, "what an edge of the map names the end",
         [](const Observed& flow) -> FieldValue {
             const auto& identity = party(flow, side).identity;
             return identity ? text_or_nothing(identity->group()) : FieldValue{};
         }},
    }};
}

constexpr auto source_fields =
    end_fields<Side::source>({"source_kind", "source_container", "source_container_id", "source_project", "source_service", "source_task", "source_image",
                              "source_network", "source_host", "source_ip", "source_port", "source_translated_ip", "source_translated_port", "source_process",
                              "source_pid", "source_exe", "source_names", "source_group"});
constexpr auto destination_fields = end_fields<Side::destination>(
    {"destination_kind", "destination_container", "destination_container_id", "destination_project", "destination_service", "destination_task",
     "destination_image", "destination_network", "destination_host", "destination_ip", "destination_port", "destination_translated_ip",
     "destination_translated_port", "destination_process", "destination_pid", "destination_exe", "destination_names", "destination_group"});

using enum FieldType;

constexpr std::array<Field, 3> first_fields = {{
    {"time", text, "first packet", [](const Observed& flow) -> FieldValue { return rfc3339(flow.record.first_ns / ns_per_ms); }},
    {"end_time", text, "last packet", [](const Observed& flow) -> FieldValue { return rfc3339(flow.record.last_ns / ns_per_ms); }},
    {"verdict", text, "allow, deny or audit", [](const Observed& flow) -> FieldValue { return std::string(name(flow.verdict)); }},
}};

constexpr std::array<Field, 14> l7_fields = {{
    {"protocol", text, "tcp, udp, icmp, ... or the number", [](const Observed& flow) -> FieldValue { return protocol_name(flow.record.key.protocol()); }},
    {"l7_name", text, "what is spoken: http, dns, tls, postgresql, ...", of_l7<&L7::name>},
    {"l7_application", text, "on top of it: grpc, elasticsearch, ...", of_l7<&L7::application>},
    {"l7", json, "all that was understood of what was said", whole_l7},
    {"http_methods", json, "methods of its HTTP requests, each once", of_requests<&HttpRequest::method>},
    {"http_hosts", json, "hosts of its HTTP requests, each once", of_requests<&HttpRequest::host>},
    {"http_paths", json, "paths of its HTTP requests, each once", of_requests<&HttpRequest::path>},
    {"http_status", integer, "the highest status that was answered", worst_status},
    {"dns_names", json, "names that were asked for, each once", dns_names},
    {"dns_rcode", integer, "the highest response code of its answers", worst_rcode},
    {"tls_server_name", text, "SNI", of_tls<&TlsSession::server_name>},
    {"tls_alpn", text, "protocol that was agreed on in TLS", of_tls<&TlsSession::alpn>},
    {"tls_version", text, "version of TLS", of_tls<&TlsSession::version>},
    {"risks", json, "what is risky about it", [](const Observed& flow) -> FieldValue { return flow.l7 ? json_array(flow.l7->risks) : FieldValue{}; }},
}};

constexpr std::array<Field, 22> last_fields = {{
    {"packets_to_destination", integer, "packets from source", [](const Observed& flow) { return number(flow.record.sent[0].packets); }},
    {"packets_to_source", integer, "packets back", [](const Observed& flow) { return number(flow.record.sent[1].packets); }},
    {"bytes_to_destination", integer, "bytes from source, all headers included", [](const Observed& flow) { return number(flow.record.sent[0].bytes); }},
    {"bytes_to_source", integer, "bytes back", [](const Observed& flow) { return number(flow.record.sent[1].bytes); }},
    {"network", text, "container network it was seen on", [](const Observed& flow) { return text_or_nothing(flow.network); }},
    {"vlan", integer, "VLAN of the innermost tag", [](const Observed& flow) { return flow.record.vlan != 0 ? number(flow.record.vlan) : FieldValue{}; }},
    {"vni", integer, "VXLAN network identifier",
     [](const Observed& flow) { return flow.record.key.network() != 0 ? number(flow.record.key.network()) : FieldValue{}; }},
    {"encrypted", boolean, "as seen on the wire; null: nothing there tells", sealed},
    {"node", text, "that saw it", [](const Observed& flow) { return text_or_nothing(flow.node); }},
    {"outer_source", text, "tunnel's end, of the first packet",
     [](const Observed& flow) { return flow.record.tunnelled ? FieldValue(address_text(flow.record.outer_source)) : FieldValue{}; }},
    {"outer_destination", text, "tunnel's other end",
     [](const Observed& flow) { return flow.record.tunnelled ? FieldValue(address_text(flow.record.outer_destination)) : FieldValue{}; }},
    {"fragments", integer, "packets without ports of their own",
     [](const Observed& flow) { return flow.record.fragments != 0 ? number(flow.record.fragments) : FieldValue{}; }},
    {"tcp_flags", text, "flags seen from source / from destination",
     [](const Observed& flow) { return is_tcp(flow) ? FieldValue(tcp_flags_text(flow.record)) : FieldValue{}; }},
    {"tcp_rtt_us", integer, "round trip: the handshake's, else the least that was measured", rtt_us},
    {"tcp_retransmits", integer, "segments of which all was seen before", of_both<&Direction::retransmits>},
    {"tcp_resets", integer, "segments with RST", of_both<&Direction::resets>},
    {"tcp_zero_windows", integer, "segments that closed the window", of_both<&Direction::zero_windows>},
    {"tcp_closed_by", text, "source or destination", closed_by},
    {"tcp_source_certain", boolean, "whether the handshake told who began",
     [](const Observed& flow) { return is_tcp(flow) ? number(flow.record.source_certain ? 1 : 0) : FieldValue{}; }},
    {"userland_proxy", boolean, "docker-proxy stands between the ends", [](const Observed& flow) { return flow.userland_proxy ? number(1) : FieldValue{}; }},
    {"loss", integer, "packets of it that were counted only as lost", [](const Observed& flow) { return flow.loss != 0 ? number(flow.loss) : FieldValue{}; }},
    {"end", text, "running, closed, reset, idle, replaced or evicted", [](const Observed& flow) -> FieldValue { return std::string(name(flow.record.end)); }},
}};

template <std::size_t... sizes>
constexpr auto joined(const std::array<Field, sizes>&... parts) {
    std::array<Field, (sizes + ...)> out{};
    std::size_t at = 0;
    const auto take = [&](const auto& part) {
        for (const Field& field : part) out[at++] = field;
    };
    (take(parts), ...);
    return out;
}

constexpr auto all_fields = joined(first_fields, source_fields, destination_fields, l7_fields, last_fields);

}  // namespace

std::span<const Field> fields() { return all_fields; }

}  // namespace bulkhead::flow
