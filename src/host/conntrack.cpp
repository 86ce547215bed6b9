// SPDX-License-Identifier: Apache-2.0
#include "host/conntrack.h"

#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "host/netlink_messages.h"

namespace bulkhead::host {

namespace {

template <class T>
std::string raw(const T& value) {
    return {reinterpret_cast<const char*>(&value), sizeof value};
}

std::string attribute(std::uint16_t type, const std::string& payload) {
    std::string out = raw(nlattr{static_cast<std::uint16_t>(sizeof(nlattr) + payload.size()), type}) + payload;
    out.resize((out.size() + 3) & ~std::size_t{3});
    return out;
}

std::string address_bytes(const IpAddress& address) {
    return {reinterpret_cast<const char*>(address.bytes().data()), address.is_v4() ? std::size_t{4} : std::size_t{16}};
}

// Ports are in network order, whatever this machine's is.
std::uint16_t port_of(const Attributes& attributes, std::uint16_t type) { return ntohs(attributes.u16(type).value_or(0)); }

Result<Tuple> tuple_of(const Attributes& attributes, std::uint16_t type) {
    const auto parts = Attributes::parse(attributes.bytes(type).value_or(std::string_view()));
    if (!parts) return std::unexpected(parts.error());
    const auto ip = Attributes::parse(parts->bytes(CTA_TUPLE_IP).value_or(std::string_view()));
    const auto transport = Attributes::parse(parts->bytes(CTA_TUPLE_PROTO).value_or(std::string_view()));
    if (!ip) return std::unexpected(ip.error());
    if (!transport) return std::unexpected(transport.error());
    const auto v4 = ip->address(CTA_IP_V4_SRC);
    const auto source = v4 ? v4 : ip->address(CTA_IP_V6_SRC);
    const auto destination = v4 ? ip->address(CTA_IP_V4_DST) : ip->address(CTA_IP_V6_DST);
    const auto protocol = transport->u8(CTA_PROTO_NUM);
    if (!source || !destination || !protocol) return fail(Code::corrupt, "conntrack: a connection without its ends");
    return Tuple{*source, *destination, port_of(*transport, CTA_PROTO_SRC_PORT), port_of(*transport, CTA_PROTO_DST_PORT), *protocol};
}

Tuple turned(const Tuple& tuple) { return {tuple.destination, tuple.source, tuple.destination_port, tuple.source_port, tuple.protocol}; }

}  // namespace

std::string tracked_question(const Tuple& tuple, By by) {
    const bool v4 = tuple.source.is_v4();
    const auto port = [](std::uint16_t number) { return raw(htons(number)); };
    const std::string ip = attribute(v4 ? CTA_IP_V4_SRC : CTA_IP_V6_SRC, address_bytes(tuple.source)) +
                           attribute(v4 ? CTA_IP_V4_DST : CTA_IP_V6_DST, address_bytes(tuple.destination));
    const std::string transport = attribute(CTA_PROTO_NUM, raw(tuple.protocol)) + attribute(CTA_PROTO_SRC_PORT, port(tuple.source_port)) +
                                  attribute(CTA_PROTO_DST_PORT, port(tuple.destination_port));
    const std::string both = attribute(NLA_F_NESTED | CTA_TUPLE_IP, ip) + attribute(NLA_F_NESTED | CTA_TUPLE_PROTO, transport);
    nfgenmsg header{};
    header.nfgen_family = v4 ? AF_INET : AF_INET6;
    header.version = NFNETLINK_V0;
    return raw(header) + attribute(static_cast<std::uint16_t>(NLA_F_NESTED | (by == By::original ? CTA_TUPLE_ORIG : CTA_TUPLE_REPLY)), both);
}

Result<Tracked> parse_tracked(std::string_view body) {
    if (body.size() < sizeof(nfgenmsg)) return fail(Code::corrupt, "conntrack: an answer cut short");
    const auto attributes = Attributes::parse(body, sizeof(nfgenmsg));
    if (!attributes) return std::unexpected(attributes.error());
    const auto original = tuple_of(*attributes, CTA_TUPLE_ORIG);
    const auto reply = tuple_of(*attributes, CTA_TUPLE_REPLY);
    if (!original) return std::unexpected(original.error());
    if (!reply) return std::unexpected(reply.error());
    return Tracked{*original, *reply};
}

std::optional<Translation> translation(const Tracked& tracked, const Tuple& seen) {
    // Before the host translated it, or behind it: the other side is where the ends have their other addresses.
    const Tuple behind = turned(tracked.reply);
    const bool before = tracked.original == seen;
    if (!before && behind != seen) return std::nullopt;
    const Tuple& other = before ? behind : tracked.original;
    Translation out;
    if (other.source != seen.source || other.source_port != seen.source_port) out.source = {other.source, other.source_port};
    if (other.destination != seen.destination || other.destination_port != seen.destination_port) out.destination = {other.destination, other.destination_port};
    if (!out.source && !out.destination) return std::nullopt;
    return out;
}

}  // namespace bulkhead::host
