// SPDX-License-Identifier: Apache-2.0
#include "world/live/probe.h"

#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cstring>

#include "base/ip.h"
#include "base/text.h"
#include "world/live/errno_result.h"
#include "world/live/fd.h"

namespace bulkhead::world {

namespace {

struct Target {
    IpAddress address;
    int port = 0;
};

// "tcp:[ADDRESS]:PORT"
Result<Target> parse(const std::string& text) {
    const std::size_t end = text.rfind("]:");
    if (!text.starts_with("tcp:[") || end == std::string::npos) return fail(Code::internal, "not a probe target: " + text);
    const auto address = IpAddress::parse(std::string_view(text).substr(5, end - 5));
    if (!address) return std::unexpected(address.error());
    const auto port = text::to_integer(std::string_view(text).substr(end + 2));
    if (!port || *port < 1 || *port > 65535) return fail(Code::invalid_input, "not a port: " + text);
    return Target{*address, static_cast<int>(*port)};
}

Result<Fd> connect_to(const Target& target) {
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
    if (poll(&waiting, 1, probe_time_max_ms) != 1) return fail(Code::unavailable, fmt::format("no answer within {} ms", probe_time_max_ms));
    int error = 0;
    socklen_t error_size = sizeof error;
    getsockopt(fd.get(), SOL_SOCKET, SO_ERROR, &error, &error_size);
    if (error != 0) return fail(Code::unavailable, std::string("connecting: ") + std::strerror(error));
    return fd;
}

}  // namespace

Result<std::string> probe_banner(const std::string& target) {
    const auto parsed = parse(target);
    if (!parsed) return std::unexpected(parsed.error());
    const auto fd = connect_to(*parsed);
    if (!fd) return std::unexpected(fd.error());
    pollfd waiting{fd->get(), POLLIN, 0};
    if (poll(&waiting, 1, probe_time_max_ms) != 1) return std::string();
    std::array<char, probe_bytes_max> buffer{};
    const ssize_t got = ::recv(fd->get(), buffer.data(), buffer.size(), 0);
    if (got < 0) return fail_errno(errno, "reading");
    return std::string(buffer.data(), static_cast<std::size_t>(got));
}

Result<std::string> probe_latency(const std::string& target) {
    const auto parsed = parse(target);
    if (!parsed) return std::unexpected(parsed.error());
    const auto fd = connect_to(*parsed);
    if (!fd) return std::unexpected(fd.error());
    tcp_info info{};
    socklen_t size = sizeof info;
    if (getsockopt(fd->get(), IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return fail_errno(errno, "TCP_INFO");
    return fmt::format(R"({{"rtt_us":{}}})", info.tcpi_rtt);
}

}  // namespace bulkhead::world
