// SPDX-License-Identifier: Apache-2.0
// tcpdump's expressions (pcap-filter(7)) as instructions that the kernel runs for each frame of a socket. By libpcap.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"

namespace bulkhead::packet {

struct FilterInstruction {  // struct sock_filter (linux/filter.h)
    std::uint16_t code = 0;
    std::uint8_t jump_true = 0;
    std::uint8_t jump_false = 0;
    std::uint32_t k = 0;
};

// For Ethernet frames of which snap_length bytes are kept. Errors: invalid_input with libpcap's words. Names of hosts are not looked up.
Result<std::vector<FilterInstruction>> compile_filter(const std::string& expression, std::uint32_t snap_length);

}  // namespace bulkhead::packet
