// SPDX-License-Identifier: Apache-2.0
#include "agent/status_server.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <cerrno>
#include <cstring>

#include "base/ip.h"
#include "base/text.h"
#include "world/live/errno_result.h"

namespace bulkhead::agent {

namespace {

constexpr int look_every_ms = 200;  // so long a stop may wait
constexpr int client_wait_ms = 2000;
constexpr std::size_t answer_bytes_max = 64UL << 20U;

struct Socket {
    sockaddr_storage address{};
    socklen_t length = 0;
    std::string path;
};

Result<Socket> socket_of(const std::string& listen) {
    Socket out;
    if (listen.starts_with("unix:")) {
        out.path = listen.substr(5);
        sockaddr_un address{};
        if (out.path.empty() || out.path.size() >= sizeof address.sun_path) return fail(Code::invalid_input, listen + ": no path for a socket");
        address.sun_family = AF_UNIX;
        out.path.copy(address.sun_path, out.path.size());
        std::memcpy(&out.address, &address, sizeof address);
        out.length = sizeof address;
        return out;
    }
    const auto colon = listen.rfind(':');
    std::string host = listen.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    const auto ip = IpAddress::parse(host);
    const auto port = colon == std::string::npos ? std::nullopt : text::to_integer(std::string_view(listen).substr(colon + 1));
    if (!ip || !ip->is_loopback() || !port || *port < 0 || *port > 65'535)
        return fail(Code::invalid_input, listen + ": neither unix:/PATH nor a port of the loopback");
    if (ip->is_v4()) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(static_cast<std::uint16_t>(*port));
        std::memcpy(&address.sin_addr, ip->bytes().data(), 4);
        std::memcpy(&out.address, &address, sizeof address);
        out.length = sizeof address;
    } else {
        sockaddr_in6 address{};
        address.sin6_family = AF_INET6;
        address.sin6_port = htons(static_cast<std::uint16_t>(*port));
        std::memcpy(&address.sin6_addr, ip->bytes().data(), 16);
        std::memcpy(&out.address, &address, sizeof address);
        out.length = sizeof address;
    }
    return out;
}

const sockaddr* pointer(const Socket& socket) { return reinterpret_cast<const sockaddr*>(&socket.address); }

Result<world::Fd> connected(const Socket& socket) {
    world::Fd fd(::socket(socket.address.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (!fd.valid()) return world::fail_errno(errno, "socket");
    const timeval wait{.tv_sec = client_wait_ms / 1000, .tv_usec = 0};
    ::setsockopt(fd.get(), SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
    ::setsockopt(fd.get(), SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait);
    if (::connect(fd.get(), pointer(socket), socket.length) != 0) return world::fail_errno(errno, "connect");
    return fd;
}

bool send_all(int connection, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t sent = ::send(connection, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

}  // namespace

Result<std::unique_ptr<StatusServer>> StatusServer::open(const std::string& listen, Pages pages) {
    const auto socket = socket_of(listen);
    if (!socket) return std::unexpected(socket.error());
    if (!socket->path.empty()) {
        if (connected(*socket)) return fail(Code::unavailable, listen + ": somebody answers there already");
        // Of one that was killed. Anything else that lies there is not ours to remove: bind says that it is in the way.
        struct stat there{};
        if (::lstat(socket->path.c_str(), &there) == 0 && S_ISSOCK(there.st_mode)) ::unlink(socket->path.c_str());
    }
    world::Fd fd(::socket(socket->address.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!fd.valid()) return world::fail_errno(errno, listen);
    const int yes = 1;
    ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    const mode_t mask = ::umask(0177);  // the file is made by bind
    const int bound = ::bind(fd.get(), pointer(*socket), socket->length);
    const int why = errno;
    ::umask(mask);
    if (bound != 0) return world::fail_errno(why, listen);
    if (::listen(fd.get(), 16) != 0) return world::fail_errno(errno, listen);
    int port = 0;
    if (socket->path.empty()) {
        sockaddr_storage own{};
        socklen_t length = sizeof own;
        ::getsockname(fd.get(), reinterpret_cast<sockaddr*>(&own), &length);
        std::uint16_t number = 0;  // at the same place in both families
        std::memcpy(&number, reinterpret_cast<const char*>(&own) + offsetof(sockaddr_in, sin_port), sizeof number);
        port = ntohs(number);
    }
    return std::unique_ptr<StatusServer>(new StatusServer(std::move(fd), socket->path, port, std::move(pages)));
}

StatusServer::StatusServer(world::Fd listener, std::string path, int port, Pages pages)
    : listener_(std::move(listener)), path_(std::move(path)), port_(port), pages_(std::move(pages)) {
    thread_ = std::jthread([this](const std::stop_token& stop) { serve(stop); });
}

StatusServer::~StatusServer() {
    thread_.request_stop();
    thread_.join();
    if (!path_.empty()) ::unlink(path_.c_str());
}

void StatusServer::serve(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        pollfd ready{listener_.get(), POLLIN, 0};
        if (::poll(&ready, 1, look_every_ms) <= 0) continue;
        const world::Fd connection(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
        if (!connection.valid()) continue;
        const timeval wait{.tv_sec = client_wait_ms / 1000, .tv_usec = 0};
        ::setsockopt(connection.get(), SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
        ::setsockopt(connection.get(), SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait);
        answer(connection.get());
    }
}

void StatusServer::answer(int connection) const {
    std::string request;
    char buffer[2048];
    while (request.find("\r\n\r\n") == std::string::npos) {
        if (request.size() > status_request_bytes_max) return;
        const ssize_t got = ::recv(connection, buffer, sizeof buffer, 0);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return;
        request.append(buffer, static_cast<std::size_t>(got));
    }
    const auto words = text::words(std::string_view(request).substr(0, request.find("\r\n")));
    const auto reply = [connection](std::string_view status, const Page& page) {
        send_all(connection, fmt::format("HTTP/1.1 {}\r\nContent-Type: {}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{}", status, page.type,
                                         page.body.size(), page.body));
    };
    if (words.size() != 3 || words[0] != "GET") return reply("405 Method Not Allowed", {"text/plain", "only GET\n"});
    const auto page = pages_(words[1].substr(0, words[1].find('?')));
    if (!page) return reply("404 Not Found", {"text/plain", "there are /metrics and /status\n"});
    reply("200 OK", *page);
}

Result<std::string> ask_status(const std::string& listen, std::string_view path) {
    const auto socket = socket_of(listen);
    if (!socket) return std::unexpected(socket.error());
    const auto connection = connected(*socket);
    if (!connection) return std::unexpected(connection.error().in("no agent answers at " + listen));
    if (!send_all(connection->get(), fmt::format("GET {} HTTP/1.1\r\nHost: bulkhead\r\nConnection: close\r\n\r\n", path)))
        return fail(Code::unavailable, listen + ": the agent does not take the question");
    std::string answer;
    char buffer[16'384];
    for (;;) {
        const ssize_t got = ::recv(connection->get(), buffer, sizeof buffer, 0);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return world::fail_errno(errno, listen);
        if (got == 0) break;
        answer.append(buffer, static_cast<std::size_t>(got));
        if (answer.size() > answer_bytes_max) return fail(Code::limit_exceeded, listen + ": the answer is too large");
    }
    const std::size_t body = answer.find("\r\n\r\n");
    if (body == std::string::npos) return fail(Code::corrupt, listen + ": the answer was cut");
    if (!answer.starts_with("HTTP/1.1 200 ")) return fail(Code::not_found, listen + ": " + text::printable(answer.substr(0, answer.find("\r\n"))));
    return answer.substr(body + 4);
}

}  // namespace bulkhead::agent
