// SPDX-License-Identifier: Apache-2.0
// Active probes, only ever sent with --probe: one TCP connection from the calling thread's network namespace, no data sent.
#pragma once

#include <string>

#include "base/result.h"

namespace bulkhead::world {

inline constexpr int probe_time_max_ms = 1'500;
inline constexpr std::size_t probe_bytes_max = 256;

Result<std::string> probe_banner(const std::string& target);   // first bytes the server sends by itself; empty when it waits for us
Result<std::string> probe_latency(const std::string& target);  // {"rtt_us":N}: the kernel's own measure of the handshake (tcp(7), TCP_INFO)

}  // namespace bulkhead::world
