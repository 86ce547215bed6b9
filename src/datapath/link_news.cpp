// SPDX-License-Identifier: Apache-2.0
#include "datapath/link_news.h"

#include <fmt/format.h>
#include <libmnl/libmnl.h>
#include <linux/if_arp.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include <cstring>
#include <span>

#include "datapath/attributes.h"
#include "world/live/errno_result.h"

namespace bulkhead::datapath {

namespace {

template <class Value>
std::optional<Value> value_of(const nlattr* attribute) {
    if (mnl_attr_get_payload_len(attribute) < sizeof(Value)) return std::nullopt;
    Value value;
    std::memcpy(&value, mnl_attr_get_payload(attribute), sizeof value);
    return value;
}

// Bounded by the attribute, whether or not it ends with a zero.
std::string text_of(const nlattr* attribute) {
    const std::string_view all(static_cast<const char*>(mnl_attr_get_payload(attribute)), mnl_attr_get_payload_len(attribute));
    return std::string(all.substr(0, all.find('\0')));
}

std::string mac_of(const nlattr* attribute) {
    const auto* bytes = static_cast<const std::uint8_t*>(mnl_attr_get_payload(attribute));
    if (mnl_attr_get_payload_len(attribute) != 6) return {};
    return fmt::format("{:02x}", fmt::join(std::span(bytes, 6), ":"));
}

// Older kernels send a shorter structure: its first four members have always been these.
void read_counters(const nlattr* attribute, Both& counters) {
    struct First {
        std::uint64_t received_packets, sent_packets, received_bytes, sent_bytes;
    };
    if (const auto first = value_of<First>(attribute)) counters = {{first->received_packets, first->received_bytes}, {first->sent_packets, first->sent_bytes}};
}

InterfaceKind kind_of(std::string_view kind) {
    if (kind == "veth") return InterfaceKind::veth;
    if (kind == "macvlan") return InterfaceKind::macvlan;
    return kind == "ipvlan" ? InterfaceKind::ipvlan : InterfaceKind::other;
}

void read_attribute(const nlattr* attribute, LinkNews& link) {
    Interface& interface = link.interface;
    switch (mnl_attr_get_type(attribute)) {
        case IFLA_IFNAME: interface.name = text_of(attribute); break;
        case IFLA_ADDRESS: interface.mac = mac_of(attribute); break;
        case IFLA_LINK: interface.peer_index = value_of<std::uint32_t>(attribute).value_or(0); break;
        case IFLA_LINK_NETNSID: interface.peer_nsid = value_of<std::int32_t>(attribute); break;
        case IFLA_MASTER: interface.master_index = value_of<std::uint32_t>(attribute).value_or(0); break;
        case IFLA_STATS64: read_counters(attribute, link.counters); break;
        case IFLA_LINKINFO: {
            each_nested(attribute, [&](const nlattr* inner) {
                if (mnl_attr_get_type(inner) == IFLA_INFO_KIND) link.kind = text_of(inner);
            });
            break;
        }
        default: break;
    }
}

}  // namespace

std::optional<LinkNews> read_link_news(const nlmsghdr& message) {
    if (message.nlmsg_type != RTM_NEWLINK && message.nlmsg_type != RTM_DELLINK) return std::nullopt;
    if (mnl_nlmsg_get_payload_len(&message) < sizeof(ifinfomsg)) return std::nullopt;
    ifinfomsg header;
    std::memcpy(&header, mnl_nlmsg_get_payload(&message), sizeof header);
    if (header.ifi_family != AF_UNSPEC || header.ifi_index <= 0) return std::nullopt;
    LinkNews link;
    link.gone = message.nlmsg_type == RTM_DELLINK;
    link.loopback = (header.ifi_flags & IFF_LOOPBACK) != 0;
    link.interface.index = static_cast<std::uint32_t>(header.ifi_index);
    each_attribute(message, sizeof(ifinfomsg), [&](const nlattr* attribute) { read_attribute(attribute, link); });
    link.interface.kind = kind_of(link.kind);
    // What has no Ethernet header cannot be read.
    if (header.ifi_type != ARPHRD_ETHER && header.ifi_type != ARPHRD_LOOPBACK) link.loopback = true;
    return link;
}

bool is_metered(const LinkNews& link, Which which) {
    if (link.gone || link.loopback) return false;
    switch (which) {
        case Which::container_ends: return link.interface.kind == InterfaceKind::veth && (link.interface.master_index != 0 || link.interface.peer_nsid);
        case Which::children: return link.interface.kind == InterfaceKind::macvlan || link.interface.kind == InterfaceKind::ipvlan;
        case Which::everything: return true;
    }
    return false;
}

int dump_links(mnl_socket& socket, const std::function<void(LinkNews)>& each) {
    alignas(nlmsghdr) char buffer[256];
    nlmsghdr* message = mnl_nlmsg_put_header(buffer);
    message->nlmsg_type = RTM_GETLINK;
    message->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
    mnl_nlmsg_put_extra_header(message, sizeof(ifinfomsg));
    return ask(socket, *message, [&](const nlmsghdr& answer) {
        if (auto link = read_link_news(answer)) each(std::move(*link));
    });
}

Result<LinkNews> look_at_link(mnl_socket& socket, std::uint32_t index) {
    alignas(nlmsghdr) char buffer[256];
    nlmsghdr* message = mnl_nlmsg_put_header(buffer);
    message->nlmsg_type = RTM_GETLINK;
    message->nlmsg_flags = NLM_F_REQUEST;
    static_cast<ifinfomsg*>(mnl_nlmsg_put_extra_header(message, sizeof(ifinfomsg)))->ifi_index = static_cast<int>(index);
    std::optional<LinkNews> found;
    const int error = ask(socket, *message, [&](const nlmsghdr& answer) { found = read_link_news(answer); });
    if (error == ENODEV) return fail(Code::not_found, fmt::format("there is no interface {} any more", index));
    if (error != 0) return world::fail_errno(error, fmt::format("asking for interface {}", index));
    if (!found) return fail(Code::corrupt, fmt::format("the kernel's answer for interface {} is none", index));
    return *found;
}

}  // namespace bulkhead::datapath
