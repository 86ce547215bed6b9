// SPDX-License-Identifier: Apache-2.0
#include "host/netlink_messages.h"

#include <linux/netlink.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>

namespace bulkhead::host {

namespace {
constexpr std::size_t aligned(std::size_t length) { return (length + 3) & ~std::size_t{3}; }
}  // namespace

Result<std::vector<Message>> parse_messages(std::string_view bytes) {
    std::vector<Message> messages;
    while (!bytes.empty()) {
        const auto header = header_of<nlmsghdr>(bytes);
        if (!header) return fail(Code::corrupt, "netlink: a message cut short");
        if (header->nlmsg_len < sizeof(nlmsghdr) || header->nlmsg_len > bytes.size()) return fail(Code::corrupt, "netlink: a message with a wrong length");
        if (messages.size() == netlink_messages_max) return fail(Code::limit_exceeded, "netlink: too many messages");
        if (header->nlmsg_type != NLMSG_DONE && header->nlmsg_type != NLMSG_NOOP) {
            messages.push_back({header->nlmsg_type, bytes.substr(sizeof(nlmsghdr), header->nlmsg_len - sizeof(nlmsghdr))});
        }
        bytes.remove_prefix(std::min(aligned(header->nlmsg_len), bytes.size()));
    }
    return messages;
}

Result<Attributes> Attributes::parse(std::string_view payload, std::size_t header_bytes) {
    Attributes attributes;
    payload.remove_prefix(std::min(aligned(header_bytes), payload.size()));
    while (!payload.empty()) {
        const auto header = header_of<nlattr>(payload);
        if (!header) return fail(Code::corrupt, "netlink: an attribute cut short");
        if (header->nla_len < sizeof(nlattr) || header->nla_len > payload.size()) return fail(Code::corrupt, "netlink: an attribute with a wrong length");
        if (attributes.items_.size() == netlink_attributes_max) return fail(Code::limit_exceeded, "netlink: too many attributes");
        attributes.items_.emplace_back(static_cast<std::uint16_t>(header->nla_type & NLA_TYPE_MASK),
                                       payload.substr(sizeof(nlattr), header->nla_len - sizeof(nlattr)));
        payload.remove_prefix(std::min(aligned(header->nla_len), payload.size()));
    }
    return attributes;
}

std::optional<std::string_view> Attributes::bytes(std::uint16_t type) const {
    const auto found = std::ranges::find(items_, type, &std::pair<std::uint16_t, std::string_view>::first);
    return found == items_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<std::string> Attributes::text(std::uint16_t type) const {
    const auto found = bytes(type);
    return found ? std::optional(std::string(found->substr(0, found->find('\0')))) : std::nullopt;
}

std::optional<IpAddress> Attributes::address(std::uint16_t type) const {
    const auto found = bytes(type);
    if (!found) return std::nullopt;
    if (found->size() == 4) return address_of(AF_INET, *found);
    if (found->size() == 16) return address_of(AF_INET6, *found);
    return std::nullopt;
}

std::optional<IpAddress> address_of(int family, std::string_view bytes) {
    if (family == AF_INET) {
        const auto four = header_of<std::array<std::uint8_t, 4>>(bytes);
        return four ? std::optional(IpAddress::v4(*four)) : std::nullopt;
    }
    if (family != AF_INET6) return std::nullopt;
    const auto sixteen = header_of<std::array<std::uint8_t, 16>>(bytes);
    return sixteen ? std::optional(IpAddress::v6(*sixteen)) : std::nullopt;
}

}  // namespace bulkhead::host
