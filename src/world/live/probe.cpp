// SPDX-License-Identifier: Apache-2.0
#include "world/live/probe.h"

#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>

#include "world/live/errno_result.h"
#include "world/live/tcp_connect.h"

namespace bulkhead::world {

Result<std::string> probe_banner(const std::string& target) {
    const auto parsed = parse_tcp_target(target);
    if (!parsed) return std::unexpected(parsed.error());
    if (parsed->what != "tcp") return fail(Code::internal, "not a probe target: " + target);
    const auto fd = connect_tcp(*parsed, probe_time_max_ms);
    if (!fd) return std::unexpected(fd.error());
    pollfd waiting{fd->get(), POLLIN, 0};
    if (poll(&waiting, 1, probe_time_max_ms) != 1) return std::string();
    std::array<char, probe_bytes_max> buffer{};
    const ssize_t got = ::recv(fd->get(), buffer.data(), buffer.size(), 0);
    if (got < 0) return fail_errno(errno, "reading");
    return std::string(buffer.data(), static_cast<std::size_t>(got));
}

Result<std::string> probe_latency(const std::string& target) {
    const auto parsed = parse_tcp_target(target);
    if (!parsed) return std::unexpected(parsed.error());
    if (parsed->what != "tcp") return fail(Code::internal, "not a probe target: " + target);
    const auto fd = connect_tcp(*parsed, probe_time_max_ms);
    if (!fd) return std::unexpected(fd.error());
    tcp_info info{};
    socklen_t size = sizeof info;
    if (getsockopt(fd->get(), IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return fail_errno(errno, "TCP_INFO");
    return fmt::format(R"({{"rtt_us":{}}})", info.tcpi_rtt);
}

}  // namespace bulkhead::world
