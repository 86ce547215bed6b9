// SPDX-License-Identifier: Apache-2.0
// Which flows are wanted. Terms of one kind are alternatives, kinds have to hold together. Pure.
#pragma once

#include <string>
#include <vector>

#include "base/ip.h"
#include "flow/record.h"

namespace bulkhead::flow {

struct Filter {
    std::vector<Prefix> either, from, to;        // either: an end on any side
    std::vector<std::uint16_t> ports, to_ports;  // ports: on any side
    std::vector<std::uint8_t> protocols;
    std::vector<std::uint32_t> networks;  // VXLAN
    bool inverted = false;                // all but those

    [[nodiscard]] bool takes(const Record& record) const;
};

Result<std::uint8_t> parse_protocol(std::string_view text);  // "tcp", "17"
IpAddress address_of(const packet::Address& mapped);

}  // namespace bulkhead::flow
