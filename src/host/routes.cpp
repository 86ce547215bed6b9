// SPDX-License-Identifier: Apache-2.0
#include "host/routes.h"

#include <fmt/format.h>
#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "host/interfaces.h"
#include "host/netlink_messages.h"

namespace bulkhead::host {

namespace {

constexpr std::size_t next_hops_max = 1024;

// RTN_* of linux/rtnetlink.h, by number.
constexpr std::string_view types[] = {"unspecified", "unicast",     "local",    "broadcast", "anycast", "multicast",
                                      "blackhole",   "unreachable", "prohibit", "throw",     "nat",     "xresolve"};

// As in iproute2's rt_protos.
constexpr std::pair<int, std::string_view> protocols[] = {
    {RTPROT_REDIRECT, "redirect"}, {RTPROT_KERNEL, "kernel"}, {RTPROT_BOOT, "boot"}, {RTPROT_STATIC, "static"}, {RTPROT_RA, "ra"}, {RTPROT_DHCP, "dhcp"},
};

std::string protocol_name(int number) {
    const auto* found = std::ranges::find(protocols, number, &std::pair<int, std::string_view>::first);
    return found == std::end(protocols) ? std::to_string(number) : std::string(found->second);
}

// The prefix of `length` bits in attribute `type`; any address of the family where the attribute is not there.
Result<std::string> prefix_text(const Attributes& attributes, std::uint16_t type, int family, int length) {
    const auto address = attributes.address(type);
    if (!address) {
        if (length != 0) return fail(Code::corrupt, "route dump: a prefix without an address");
        return std::string(family == AF_INET ? "0.0.0.0/0" : "::/0");
    }
    if (address->is_v4() != (family == AF_INET) || length > address->bits()) return fail(Code::corrupt, "route dump: a wrong prefix");
    return Prefix(*address, length).text();
}

Result<void> put_next_hops(const Route& route, std::string_view bytes, std::vector<Route>& out) {
    for (std::size_t count = 0; !bytes.empty(); ++count) {
        const auto hop = header_of<rtnexthop>(bytes);
        if (!hop || hop->rtnh_len < sizeof(rtnexthop) || hop->rtnh_len > bytes.size() || count == next_hops_max)
            return fail(Code::corrupt, "route dump: wrong next hops");
        const auto attributes = Attributes::parse(bytes.substr(sizeof(rtnexthop), hop->rtnh_len - sizeof(rtnexthop)));
        if (!attributes) return std::unexpected(attributes.error());
        Route one = route;
        one.interface_index = hop->rtnh_ifindex;
        if (const auto gateway = attributes->address(RTA_GATEWAY)) one.gateway = gateway->text();
        out.push_back(std::move(one));
        bytes.remove_prefix(std::min<std::size_t>((hop->rtnh_len + 3U) & ~3U, bytes.size()));
    }
    return {};
}

Result<void> put_routes(std::string_view payload, std::vector<Route>& out) {
    const auto header = header_of<rtmsg>(payload);
    if (!header) return fail(Code::corrupt, "route dump: a message cut short");
    if (family_name(header->rtm_family).empty() || (header->rtm_flags & RTM_F_CLONED) != 0) return {};
    const auto attributes = Attributes::parse(payload, sizeof(rtmsg));
    if (!attributes) return std::unexpected(attributes.error());
    auto destination = prefix_text(*attributes, RTA_DST, header->rtm_family, header->rtm_dst_len);
    if (!destination) return std::unexpected(destination.error());
    Route route;
    route.family = family_name(header->rtm_family);
    route.destination = std::move(*destination);
    if (const auto gateway = attributes->address(RTA_GATEWAY)) route.gateway = gateway->text();
    if (const auto source = attributes->address(RTA_PREFSRC)) route.preferred_source = source->text();
    route.interface_index = attributes->u32(RTA_OIF);
    route.table = attributes->u32(RTA_TABLE).value_or(header->rtm_table);
    route.metric = attributes->u32(RTA_PRIORITY);
    route.protocol = protocol_name(header->rtm_protocol);
    route.scope = scope_name(header->rtm_scope);
    route.type = header->rtm_type < std::size(types) ? std::string(types[header->rtm_type]) : std::to_string(header->rtm_type);
    if (const auto hops = attributes->bytes(RTA_MULTIPATH)) return put_next_hops(route, *hops, out);
    out.push_back(std::move(route));
    return {};
}

Result<RoutingRule> rule_of(std::string_view payload) {
    const auto header = header_of<fib_rule_hdr>(payload);
    if (!header) return fail(Code::corrupt, "rule dump: a message cut short");
    const auto attributes = Attributes::parse(payload, sizeof(fib_rule_hdr));
    if (!attributes) return std::unexpected(attributes.error());
    RoutingRule rule;
    rule.family = family_name(header->family);
    rule.priority = attributes->u32(FRA_PRIORITY).value_or(0);
    rule.table = attributes->u32(FRA_TABLE).value_or(header->table);
    rule.mark = attributes->u32(FRA_FWMARK);
    for (const auto& [type, length, target] : {std::tuple{FRA_SRC, header->src_len, &rule.source}, std::tuple{FRA_DST, header->dst_len, &rule.destination}}) {
        if (length == 0) continue;
        auto prefix = prefix_text(*attributes, static_cast<std::uint16_t>(type), header->family, length);
        if (!prefix) return std::unexpected(prefix.error());
        *target = std::move(*prefix);
    }
    return rule;
}

}  // namespace

Result<std::vector<Route>> parse_routes(std::string_view dump) {
    const auto messages = parse_messages(dump);
    if (!messages) return std::unexpected(messages.error());
    std::vector<Route> routes;
    for (const Message& message : *messages) {
        if (message.type != RTM_NEWROUTE) continue;
        if (const auto put = put_routes(message.payload, routes); !put) return std::unexpected(put.error());
    }
    return routes;
}

Result<std::vector<RoutingRule>> parse_routing_rules(std::string_view dump) {
    const auto messages = parse_messages(dump);
    if (!messages) return std::unexpected(messages.error());
    std::vector<RoutingRule> rules;
    for (const Message& message : *messages) {
        if (message.type != RTM_NEWRULE || message.payload.empty() || family_name(message.payload[0]).empty()) continue;
        auto rule = rule_of(message.payload);
        if (!rule) return std::unexpected(rule.error());
        rules.push_back(std::move(*rule));
    }
    return rules;
}

}  // namespace bulkhead::host
