// SPDX-License-Identifier: Apache-2.0
// What rtnetlink says of an interface (rtnetlink(7), linux/if_link.h), and whether it is one that is metered. Any thread.
#pragma once

#include <functional>
#include <optional>

#include "datapath/datapath.h"
#include "datapath/route_socket.h"

namespace bulkhead::datapath {

struct LinkNews {
    Interface interface;  // what the kernel tells of it: no id, no netns, nothing of attachments
    Both counters;
    std::string kind;
    bool gone = false;
    bool loopback = false;
};

// Nothing for what is no news of a link of its own: a bridge's word of its ports has the same type. The message may be of any shape.
std::optional<LinkNews> read_link_news(const nlmsghdr& message);

bool is_metered(const LinkNews& link, Which which);

// All interfaces of the socket's namespace. The errno, or 0.
int dump_links(mnl_socket& socket, const std::function<void(LinkNews)>& each);
// One of them, as it is now.
Result<LinkNews> look_at_link(mnl_socket& socket, std::uint32_t index);

}  // namespace bulkhead::datapath
