// SPDX-License-Identifier: Apache-2.0
// Netlink attributes one after the other (netlink(7), libmnl), in a message behind its header or inside another attribute. Bounds are checked here.
#pragma once

#include <libmnl/libmnl.h>

namespace bulkhead::datapath {

template <class Each>
void each_attribute_in(const void* first, std::size_t bytes, Each&& each) {
    const auto* attribute = static_cast<const nlattr*>(first);
    auto left = static_cast<int>(bytes);
    while (mnl_attr_ok(attribute, left)) {
        each(attribute);
        left -= MNL_ALIGN(attribute->nla_len);
        attribute = mnl_attr_next(attribute);
    }
}

template <class Each>
void each_attribute(const nlmsghdr& message, std::size_t header_bytes, Each&& each) {
    const std::size_t all = mnl_nlmsg_get_payload_len(&message), header = MNL_ALIGN(header_bytes);
    if (all > header) each_attribute_in(mnl_nlmsg_get_payload_offset(&message, header), all - header, each);
}

template <class Each>
void each_nested(const nlattr* outer, Each&& each) {
    each_attribute_in(mnl_attr_get_payload(outer), mnl_attr_get_payload_len(outer), each);
}

}  // namespace bulkhead::datapath
