// SPDX-License-Identifier: Apache-2.0
// Dumps of the kernel's tables over netlink, for LiveReader. One call is one socket: it speaks for the network namespace that the
// calling thread is in. Formats: rtnetlink(7), sock_diag(7), linux/xfrm.h. Any thread.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace bulkhead::world {

inline constexpr std::size_t netlink_bytes_max = std::size_t{64} << 20U;
inline constexpr int netlink_timeout_s = 5;

// The messages of the dump as the kernel sent them, one after the other, without NLMSG_DONE. The keys in XFRM states are zeroed.
// `name` is one of world::netlink_names. Errors: invalid_input (not such a name), permission_denied, unsupported (not in this
// kernel), not_found (a kernel that provably has no audit), limit_exceeded, unavailable (no answer in time, or the table changed during both attempts),
// corrupt.
Result<std::string> dump(std::string_view name);

// Zeroes the keys of the XFRM states in `messages` (XFRMA_ALG_*), in place. What is not understood is zeroed whole. Public for tests.
void erase_xfrm_keys(std::span<char> messages);

}  // namespace bulkhead::world
