// SPDX-License-Identifier: Apache-2.0
// Sockets of a network namespace from inet_diag dumps (sock_diag(7), linux/inet_diag.h). Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ip.h"
#include "base/result.h"

namespace bulkhead::host {

struct Socket {
    std::string protocol;  // "tcp", "udp"
    std::string family;    // "ipv4", "ipv6"
    IpAddress local_address, remote_address;
    int local_port = 0, remote_port = 0;
    std::string state;                   // as ss(8) and osquery: LISTEN, ESTABLISHED, ...; UNCONNECTED for UDP without a peer
    std::int64_t uid = 0;                // of the owner, as the reader's user namespace sees it
    std::int64_t inode = 0;              // 0: no process holds it any more (TIME_WAIT)
    std::optional<bool> v6only;          // of a listener on IPv6: false also takes IPv4
    std::optional<std::int64_t> rtt_us;  // smoothed round trip time of an established connection
    std::optional<std::int64_t> rtt_var_us;
    std::optional<std::int64_t> retransmits;  // segments sent again over the whole life of the connection

    // Takes connections or datagrams from anyone who reaches the port.
    [[nodiscard]] bool is_listening() const { return state == "LISTEN" || state == "UNCONNECTED"; }
};

Result<std::vector<Socket>> parse_inet_sockets(std::string_view dump, std::string_view protocol);

}  // namespace bulkhead::host
