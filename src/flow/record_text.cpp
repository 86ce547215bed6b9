// SPDX-License-Identifier: Apache-2.0
#include "flow/record_text.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <iterator>

#include "base/clock.h"

namespace bulkhead::flow {

namespace {

constexpr std::int64_t ns_per_ms = 1'000'000;

template <class... Args>
void append(std::string& out, fmt::format_string<Args...> format, Args&&... args) {
    fmt::format_to(std::back_inserter(out), format, std::forward<Args>(args)...);
}

void append_end(std::string& out, const packet::Address& address, std::uint16_t port, bool has_ports) {
    append(out, "{{\"ip\":\"{}\"", address_text(address));
    if (has_ports) append(out, ",\"port\":{}", port);
    out += '}';
}

}  // namespace

bool has_ports(const Record& record) {
    const std::uint8_t protocol = record.key.protocol();
    return (protocol == packet::protocol::tcp || protocol == packet::protocol::udp || protocol == packet::protocol::udplite ||
            protocol == packet::protocol::sctp) &&
           (record.key.low_port != 0 || record.key.high_port != 0);
}

namespace {

std::string flags_text(std::uint8_t flags) {
    constexpr std::string_view letters = "FSRPAUEC";  // as tcpdump orders and writes them
    std::string out;
    for (std::size_t i = 0; i < letters.size(); ++i) {
        if ((flags >> i & 1) != 0) out += letters[i];
    }
    return out;
}

}  // namespace

std::string tcp_flags_text(const Record& record) { return flags_text(record.sent[0].tcp_flags) + "/" + flags_text(record.sent[1].tcp_flags); }

// The way there and back: the handshake's, else what both ends' answers took at best.
std::int64_t round_trip_ns(const Record& record) {
    if (record.handshake_ns >= 0) return record.handshake_ns;
    std::int64_t sum = -1;
    for (const RoundTrip& way : record.round_trip) {
        if (way.count > 0) sum = (sum < 0 ? 0 : sum) + static_cast<std::int64_t>(way.least);
    }
    return sum;
}

std::string_view name(Side side) { return side == Side::source ? "source" : "destination"; }

void append_tcp_json(std::string& out, const Record& record) {
    const Direction& there = record.sent[0];
    const Direction& back = record.sent[1];
    append(out, ",\"tcp\":{{\"flags\":\"{}\"", tcp_flags_text(record));
    if (const std::int64_t rtt = round_trip_ns(record); rtt >= 0) append(out, ",\"rtt_us\":{}", rtt / 1000);
    append(out, ",\"retransmits\":{},\"resets\":{},\"zero_windows\":{}", there.retransmits + back.retransmits, there.resets + back.resets,
           there.zero_windows + back.zero_windows);
    if (record.closed_by != Side::none) append(out, ",\"closed_by\":\"{}\"", name(record.closed_by));
    append(out, ",\"source_certain\":{}}}", record.source_certain);
}

std::string size_text(std::uint64_t bytes) {
    if (bytes < 1000) return fmt::format("{} B", bytes);
    if (bytes < 1'000'000) return fmt::format("{:.1f} kB", static_cast<double>(bytes) / 1e3);
    if (bytes < 1'000'000'000) return fmt::format("{:.1f} MB", static_cast<double>(bytes) / 1e6);
    return fmt::format("{:.1f} GB", static_cast<double>(bytes) / 1e9);
}

std::string end_text(const packet::Address& address, std::uint16_t port, bool ports) {
    const std::string text = address_text(address);
    if (!ports) return text;
    return is_mapped(address) ? fmt::format("{}:{}", text, port) : fmt::format("[{}]:{}", text, port);
}

std::string clock_text(std::int64_t ns) {
    const std::string time = rfc3339(ns / ns_per_ms);
    return time.size() > 23 ? time.substr(11, 12) : time;
}

std::string address_text(const packet::Address& mapped) {
    char buffer[INET6_ADDRSTRLEN];
    const bool v4 = is_mapped(mapped);
    if (inet_ntop(v4 ? AF_INET : AF_INET6, mapped.data() + (v4 ? 12 : 0), buffer, sizeof buffer) == nullptr) return {};
    return buffer;
}

std::string protocol_name(std::uint8_t protocol) {
    switch (protocol) {
        case packet::protocol::icmp: return "icmp";
        case packet::protocol::tcp: return "tcp";
        case packet::protocol::udp: return "udp";
        case packet::protocol::gre: return "gre";
        case packet::protocol::esp: return "esp";
        case packet::protocol::icmp6: return "icmp6";
        case packet::protocol::sctp: return "sctp";
        case packet::protocol::udplite: return "udplite";
        default: return std::to_string(protocol);
    }
}

std::optional<bool> encrypted(const Record& record) {
    if (record.key.protocol() == packet::protocol::esp) return true;
    // Once in the clear is in the clear.
    if (record.seen_clear) return false;
    if (record.seen_sealed) return true;
    return std::nullopt;
}

void append_json(std::string& out, const Record& record) {
    const bool ports = has_ports(record);
    append(out, "{{\"schema\":\"{}\",\"time\":\"{}\",\"end_time\":\"{}\",\"source\":", record_schema, rfc3339(record.first_ns / ns_per_ms),
           rfc3339(record.last_ns / ns_per_ms));
    append_end(out, record.source(), record.source_port(), ports);
    out += ",\"destination\":";
    append_end(out, record.destination(), record.destination_port(), ports);
    append(out, ",\"protocol\":\"{}\",\"packets\":{{\"to_destination\":{},\"to_source\":{}}},\"bytes\":{{\"to_destination\":{},\"to_source\":{}}}",
           protocol_name(record.key.protocol()), record.sent[0].packets, record.sent[1].packets, record.sent[0].bytes, record.sent[1].bytes);
    if (record.vlan != 0) append(out, ",\"vlan\":{}", record.vlan);
    if (record.key.network() != 0) append(out, ",\"vni\":{}", record.key.network());
    if (const auto sealed = encrypted(record)) append(out, ",\"encrypted\":{}", *sealed);
    if (record.tunnelled)
        append(out, ",\"outer\":{{\"source\":\"{}\",\"destination\":\"{}\"}}", address_text(record.outer_source), address_text(record.outer_destination));
    if (record.fragments != 0) append(out, ",\"fragments\":{}", record.fragments);
    if (record.key.protocol() == packet::protocol::tcp) append_tcp_json(out, record);
    append(out, ",\"end\":\"{}\"}}", flow::name(record.end));
}

void append_compact(std::string& out, const Record& record) {
    const bool ports = has_ports(record);
    append(out, "{} {} {} -> {} {}/{} packets {}/{}", clock_text(record.first_ns), protocol_name(record.key.protocol()),
           end_text(record.source(), record.source_port(), ports), end_text(record.destination(), record.destination_port(), ports), record.sent[0].packets,
           record.sent[1].packets, size_text(record.sent[0].bytes), size_text(record.sent[1].bytes));
    if (record.key.network() != 0) append(out, " vni {}", record.key.network());
    if (record.key.protocol() == packet::protocol::tcp) {
        if (const std::int64_t rtt = round_trip_ns(record); rtt >= 0) append(out, " rtt {:.1f} ms", static_cast<double>(rtt) / 1e6);
        if (const auto again = record.sent[0].retransmits + record.sent[1].retransmits; again > 0) append(out, " {} retransmits", again);
    }
    append(out, " {}", flow::name(record.end));
    if (record.closed_by != Side::none) append(out, " by {}", name(record.closed_by));
}

}  // namespace bulkhead::flow
