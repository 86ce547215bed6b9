// SPDX-License-Identifier: Apache-2.0
// What a probe is aimed at, "WHAT:[ADDRESS]:PORT", and a TCP connection to it from the calling thread's network namespace. Any thread.
#pragma once

#include <string>

#include "base/ip.h"
#include "base/result.h"
#include "world/live/fd.h"

namespace bulkhead::world {

struct TcpTarget {
    std::string what;  // never empty
    IpAddress address;
    int port = 0;
};

Result<TcpTarget> parse_tcp_target(const std::string& text);

// The socket stays non-blocking. unavailable: refused, unreachable, or no answer in that time.
Result<Fd> connect_tcp(const TcpTarget& target, int time_max_ms);

}  // namespace bulkhead::world
