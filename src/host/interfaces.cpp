// SPDX-License-Identifier: Apache-2.0
#include "host/interfaces.h"

#include <fmt/format.h>
#include <linux/if.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include <iterator>

#include "host/netlink_messages.h"

namespace bulkhead::host {

namespace {

// IF_OPER_* of linux/if.h, by number.
constexpr std::string_view operstates[] = {"unknown", "notpresent", "down", "lowerlayerdown", "testing", "dormant", "up"};

std::string mac_text(std::string_view bytes) {
    std::string out;
    for (const char byte : bytes) out += fmt::format("{}{:02x}", out.empty() ? "" : ":", static_cast<unsigned char>(byte));
    return out;
}

Result<Link> link_of(std::string_view payload) {
    const auto header = header_of<ifinfomsg>(payload);
    if (!header) return fail(Code::corrupt, "link dump: a message cut short");
    const auto attributes = Attributes::parse(payload, sizeof(ifinfomsg));
    if (!attributes) return std::unexpected(attributes.error());
    Link link;
    link.index = header->ifi_index;
    link.name = attributes->text(IFLA_IFNAME).value_or("");
    link.mtu = attributes->u32(IFLA_MTU);
    link.up = (header->ifi_flags & IFF_UP) != 0;
    link.promiscuous = (header->ifi_flags & IFF_PROMISC) != 0;
    const std::uint8_t state = attributes->u8(IFLA_OPERSTATE).value_or(0);
    link.operstate = state < std::size(operstates) ? operstates[state] : "unknown";
    link.mac = mac_text(attributes->bytes(IFLA_ADDRESS).value_or(""));
    link.master_index = attributes->u32(IFLA_MASTER);
    link.peer_index = attributes->u32(IFLA_LINK);
    link.peer_netns = attributes->i32(IFLA_LINK_NETNSID);
    if (const auto info = attributes->bytes(IFLA_LINKINFO)) {
        const auto nested = Attributes::parse(*info);
        if (!nested) return std::unexpected(nested.error());
        link.kind = nested->text(IFLA_INFO_KIND).value_or("");
    }
    return link;
}

Result<Address> address_in(std::string_view payload) {
    const auto header = header_of<ifaddrmsg>(payload);
    if (!header) return fail(Code::corrupt, "address dump: a message cut short");
    const auto attributes = Attributes::parse(payload, sizeof(ifaddrmsg));
    if (!attributes) return std::unexpected(attributes.error());
    // IFA_LOCAL is the own end of a point-to-point link and what IPv4 always has; IPv6 has IFA_ADDRESS alone.
    auto own = attributes->address(IFA_LOCAL);
    if (!own) own = attributes->address(IFA_ADDRESS);
    if (!own || own->is_v4() != (header->ifa_family == AF_INET) || header->ifa_prefixlen > own->bits()) {
        return fail(Code::corrupt, "address dump: a message without a right address");
    }
    Address address;
    address.interface_index = header->ifa_index;
    address.family = family_name(header->ifa_family);
    address.address = *own;
    address.prefix_length = header->ifa_prefixlen;
    address.scope = scope_name(header->ifa_scope);
    address.label = attributes->text(IFA_LABEL).value_or("");
    return address;
}

}  // namespace

Result<std::vector<Link>> parse_links(std::string_view dump) {
    const auto messages = parse_messages(dump);
    if (!messages) return std::unexpected(messages.error());
    std::vector<Link> links;
    for (const Message& message : *messages) {
        if (message.type != RTM_NEWLINK) continue;
        auto link = link_of(message.payload);
        if (!link) return std::unexpected(link.error());
        links.push_back(std::move(*link));
    }
    return links;
}

Result<std::vector<Address>> parse_addresses(std::string_view dump) {
    const auto messages = parse_messages(dump);
    if (!messages) return std::unexpected(messages.error());
    std::vector<Address> addresses;
    for (const Message& message : *messages) {
        // Other families (MCTP, phonet) answer the same request.
        if (message.type != RTM_NEWADDR || message.payload.empty() || family_name(message.payload[0]).empty()) continue;
        auto address = address_in(message.payload);
        if (!address) return std::unexpected(address.error());
        addresses.push_back(std::move(*address));
    }
    return addresses;
}

std::string_view scope_name(std::uint8_t scope) {
    switch (scope) {
        case RT_SCOPE_UNIVERSE: return "global";
        case RT_SCOPE_SITE: return "site";
        case RT_SCOPE_LINK: return "link";
        case RT_SCOPE_HOST: return "host";
        default: return "nowhere";
    }
}

std::string_view family_name(int family) { return family == AF_INET ? "ipv4" : family == AF_INET6 ? "ipv6" : ""; }

}  // namespace bulkhead::host
