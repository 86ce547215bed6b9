// SPDX-License-Identifier: Apache-2.0
#include "world/live/tcp_connect.h"

#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <cstring>

#include "base/text.h"
#include "world/live/errno_result.h"

namespace bulkhead::world {

Result<TcpTarget> parse_tcp_target(const std::string& text) {
    const std::size_t begin = text.find(":[");
    const std::size_t end = text.rfind("]:");
    if (begin == 0 || begin == std::string::npos || end == std::string::npos || end < begin + 2) return fail(Code::internal, "not a probe target: " + text);
    const auto address = IpAddress::parse(std::string_view(text).substr(begin + 2, end - begin - 2));
    if (!address) return std::unexpected(address.error());
    const auto port = text::to_integer(std::string_view(text).substr(end + 2));
    if (!port || *port < 1 || *port > 65535) return fail(Code::invalid_input, "not a port: " + text);
    return TcpTarget{text.substr(0, begin), *address, static_cast<int>(*port)};
}

Result<Fd> connect_tcp(const TcpTarget& target, int time_max_ms) {
    Fd fd(::socket(target.address.is_v4() ? AF_INET : AF_INET6, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!fd.valid()) return fail_errno(errno, "socket");
    sockaddr_storage storage{};
    socklen_t size = 0;
    if (target.address.is_v4()) {
        auto* v4 = reinterpret_cast<sockaddr_in*>(&storage);
        v4->sin_family = AF_INET;
        v4->sin_port = htons(static_cast<std::uint16_t>(target.port));
        std::memcpy(&v4->sin_addr, target.address.bytes().data(), 4);
        size = sizeof *v4;
    } else {
        auto* v6 = reinterpret_cast<sockaddr_in6*>(&storage);
        v6->sin6_family = AF_INET6;
        v6->sin6_port = htons(static_cast<std::uint16_t>(target.port));
        std::memcpy(&v6->sin6_addr, target.address.bytes().data(), 16);
        size = sizeof *v6;
    }
    if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&storage), size) != 0 && errno != EINPROGRESS) return fail_errno(errno, "connecting");
    pollfd waiting{fd.get(), POLLOUT, 0};
    if (poll(&waiting, 1, time_max_ms) != 1) return fail(Code::unavailable, fmt::format("no answer within {} ms", time_max_ms));
    int error = 0;
    socklen_t error_size = sizeof error;
    getsockopt(fd.get(), SOL_SOCKET, SO_ERROR, &error, &error_size);
    if (error != 0) return fail(Code::unavailable, std::string("connecting: ") + std::strerror(error));
    return fd;
}

}  // namespace bulkhead::world
