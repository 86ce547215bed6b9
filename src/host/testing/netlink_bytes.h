// SPDX-License-Identifier: Apache-2.0
// Makes netlink dumps for tests, as the kernel would send them.
#pragma once

#include <arpa/inet.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <linux/tcp.h>
#include <sys/socket.h>

#include <cstdint>
#include <cstring>
#include <string>

namespace bulkhead::host::testing {

template <class T>
std::string raw(const T& value) {
    return {reinterpret_cast<const char*>(&value), sizeof value};
}

inline std::string padded(std::string bytes) {
    bytes.resize((bytes.size() + 3) & ~std::size_t{3});
    return bytes;
}

inline std::string attribute(std::uint16_t type, const std::string& payload) {
    return padded(raw(nlattr{static_cast<std::uint16_t>(sizeof(nlattr) + payload.size()), type}) + payload);
}

inline std::string message(std::uint16_t type, const std::string& payload) {
    nlmsghdr header{};
    header.nlmsg_len = static_cast<std::uint32_t>(sizeof header + payload.size());
    header.nlmsg_type = type;
    return padded(raw(header) + payload);
}

struct SocketBytes {
    int family = AF_INET;
    std::uint8_t state = 10;
    const char* local = "0.0.0.0";
    std::uint16_t local_port = 0;
    const char* remote = nullptr;
    std::uint16_t remote_port = 0;
    std::uint32_t uid = 0;
    std::uint32_t inode = 0;
    std::uint32_t rtt_us = 0;
    std::uint32_t retransmits = 0;
};

inline std::string socket_message(const SocketBytes& from) {
    inet_diag_msg header{};
    header.idiag_family = static_cast<std::uint8_t>(from.family);
    header.idiag_state = from.state;
    header.id.idiag_sport = htons(from.local_port);
    header.id.idiag_dport = htons(from.remote_port);
    inet_pton(from.family, from.local, header.id.idiag_src);
    if (from.remote != nullptr) inet_pton(from.family, from.remote, header.id.idiag_dst);
    header.idiag_uid = from.uid;
    header.idiag_inode = from.inode;
    tcp_info info{};
    info.tcpi_rtt = from.rtt_us;
    info.tcpi_total_retrans = from.retransmits;
    return message(SOCK_DIAG_BY_FAMILY, raw(header) + attribute(INET_DIAG_SHUTDOWN, std::string(1, '\0')) + attribute(INET_DIAG_INFO, raw(info)));
}

}  // namespace bulkhead::host::testing
