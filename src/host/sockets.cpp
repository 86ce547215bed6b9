// SPDX-License-Identifier: Apache-2.0
#include "host/sockets.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <linux/inet_diag.h>
#include <linux/sock_diag.h>
#include <linux/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <iterator>

#include "host/netlink_messages.h"

namespace bulkhead::host {

namespace {

// The kernel's include/net/tcp_states.h, by number.
constexpr std::string_view states[] = {"UNKNOWN", "ESTABLISHED", "SYN_SENT", "SYN_RECV", "FIN_WAIT1", "FIN_WAIT2", "TIME_WAIT",
                                       "CLOSE",   "CLOSE_WAIT",  "LAST_ACK", "LISTEN",   "CLOSING",   "SYN_RECV",  "BOUND"};

std::string state_of(std::uint8_t number, std::string_view protocol) {
    if (protocol == "udp" && number == 7) return "UNCONNECTED";
    return number < std::size(states) ? std::string(states[number]) : fmt::format("STATE_{}", number);
}

// tcp_info grows with the kernel: fields that this kernel did not send stay unknown.
template <class Field>
std::optional<std::int64_t> field(std::string_view info, std::size_t offset) {
    if (info.size() < offset + sizeof(Field)) return std::nullopt;
    return header_of<Field>(info.substr(offset));
}

void put_tcp_info(Socket& socket, std::string_view info) {
    if (socket.state == "LISTEN" || socket.state == "TIME_WAIT" || socket.state == "CLOSE") return;
    socket.rtt_us = field<std::uint32_t>(info, offsetof(tcp_info, tcpi_rtt));
    socket.rtt_var_us = field<std::uint32_t>(info, offsetof(tcp_info, tcpi_rttvar));
    socket.retransmits = field<std::uint32_t>(info, offsetof(tcp_info, tcpi_total_retrans));
}

Result<Socket> socket_of(std::string_view payload, std::string_view protocol) {
    const auto header = header_of<inet_diag_msg>(payload);
    if (!header) return fail(Code::corrupt, "socket dump: a message cut short");
    const auto address = [&](const std::uint32_t(&words)[4]) { return address_of(header->idiag_family, {reinterpret_cast<const char*>(words), sizeof words}); };
    const auto local = address(header->id.idiag_src);
    const auto remote = address(header->id.idiag_dst);
    if (!local || !remote) return fail(Code::corrupt, "socket dump: a family that is neither IPv4 nor IPv6");
    const auto attributes = Attributes::parse(payload, sizeof(inet_diag_msg));
    if (!attributes) return std::unexpected(attributes.error());
    Socket socket;
    socket.protocol = protocol;
    socket.family = header->idiag_family == AF_INET ? "ipv4" : "ipv6";
    socket.local_address = *local;
    socket.remote_address = *remote;
    socket.local_port = ntohs(header->id.idiag_sport);
    socket.remote_port = ntohs(header->id.idiag_dport);
    socket.state = state_of(header->idiag_state, protocol);
    socket.uid = header->idiag_uid;
    socket.inode = header->idiag_inode;
    if (const auto only = attributes->u8(INET_DIAG_SKV6ONLY)) socket.v6only = *only != 0;
    if (const auto info = attributes->bytes(INET_DIAG_INFO); info && protocol == "tcp") put_tcp_info(socket, *info);
    return socket;
}

}  // namespace

Result<std::vector<Socket>> parse_inet_sockets(std::string_view dump, std::string_view protocol) {
    const auto messages = parse_messages(dump);
    if (!messages) return std::unexpected(messages.error());
    std::vector<Socket> sockets;
    for (const Message& message : *messages) {
        if (message.type != SOCK_DIAG_BY_FAMILY && message.type != TCPDIAG_GETSOCK) return fail(Code::corrupt, "socket dump: a message of another kind");
        auto socket = socket_of(message.payload, protocol);
        if (!socket) return std::unexpected(socket.error());
        sockets.push_back(std::move(*socket));
    }
    return sockets;
}

}  // namespace bulkhead::host
