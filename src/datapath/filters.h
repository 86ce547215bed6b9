// SPDX-License-Identifier: Apache-2.0
// Our two TC filters of an interface: clsact, first in line, with a name and a handle by which a later run knows what a dead one left. By rtnetlink
// itself, because libbpf cannot give a filter its class, which tells the program where it is. Owned by the datapath thread.
#pragma once

#include <cstdint>
#include <vector>

#include "datapath/route_socket.h"

namespace bulkhead::datapath {

struct AttachedFilters {
    bool made_qdisc = false;  // clsact was not there before
    bool adopted = false;     // a filter of ours was there, and is replaced
};

// Errors: not_found (no such interface any more), permission_denied, unavailable (also where a foreign filter has our place).
Result<AttachedFilters> attach_filters(mnl_socket& socket, std::uint32_t index, std::uint16_t interface, int program);
// Ours; and clsact with them when `made_qdisc` and nobody else uses it. What is not there any more is as good as detached.
Result<void> detach_filters(mnl_socket& socket, std::uint32_t index, bool made_qdisc);
// Interfaces of the namespace that have a filter of ours.
Result<std::vector<std::uint32_t>> list_filters(mnl_socket& socket);

}  // namespace bulkhead::datapath
