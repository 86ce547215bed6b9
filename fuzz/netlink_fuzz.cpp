// SPDX-License-Identifier: Apache-2.0
// The kernel's netlink dumps, as a snapshot may hold them. First byte: which one.
#include "fuzz/input.h"
#include "host/interfaces.h"
#include "host/routes.h"
#include "host/sockets.h"
#include "host/xfrm.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace bulkhead::host;
    using bulkhead::fuzz::check_result;
    const auto [which, bytes] = bulkhead::fuzz::choice_of(data, size);
    switch (which) {
        case 'l': check_result(parse_links(bytes)); break;
        case 'a': check_result(parse_addresses(bytes)); break;
        case 'r': check_result(parse_routes(bytes)); break;
        case 'u': check_result(parse_routing_rules(bytes)); break;
        case 't': check_result(parse_inet_sockets(bytes, "tcp")); break;
        case 'd': check_result(parse_inet_sockets(bytes, "udp")); break;
        case 's': check_result(parse_xfrm_states(bytes)); break;
        case 'p': check_result(parse_xfrm_policies(bytes)); break;
        default: break;
    }
    return 0;
}
