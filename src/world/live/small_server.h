// SPDX-License-Identifier: Apache-2.0
// A server for tests that answers exactly the bytes it is told, on a unix socket of its own or on loopback: what no sound engine
// would send. One thread; connections one after the other.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdlib>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace bulkhead::world {

class SmallServer {
  public:
    // The whole answer for a request's path; the connection is closed after it.
    using Answer = std::function<void(int connection, const std::string& path)>;
    enum class Family { unix_socket, loopback };

    SmallServer(Family family, Answer answer) : answer_(std::move(answer)) {
        family == Family::unix_socket ? listen_unix() : listen_loopback();
        thread_ = std::jthread([this](const std::stop_token& stop) { serve(stop); });
    }
    ~SmallServer() {
        thread_.request_stop();
        thread_.join();
        ::close(listener_);
        if (!folder_.empty()) {
            ::unlink(path().c_str());
            ::rmdir(folder_.c_str());
        }
    }
    SmallServer(const SmallServer&) = delete;
    SmallServer& operator=(const SmallServer&) = delete;

    [[nodiscard]] std::string path() const { return folder_ + "/engine.sock"; }
    [[nodiscard]] int port() const { return port_; }
    [[nodiscard]] std::vector<std::string> requests() const {
        const std::scoped_lock lock(mutex_);
        return requests_;
    }
    // False when the other side is gone.
    static bool send(int connection, std::string_view bytes) {
        while (!bytes.empty()) {
            const ssize_t sent = ::send(connection, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0) return false;
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
        return true;
    }
    static std::string http(int status, const std::string& body, const std::string& headers = {}) {
        return "HTTP/1.1 " + std::to_string(status) + " Words\r\nApi-Version: 1.41\r\nContent-Length: " + std::to_string(body.size()) +
               "\r\nConnection: close\r\n" + headers + "\r\n" + body;
    }

  private:
    void listen_unix() {
        std::string folder = "/tmp/bulkhead-test-XXXXXX";
        folder_ = ::mkdtemp(folder.data()) != nullptr ? folder : std::string();
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        path().copy(address.sun_path, sizeof(address.sun_path) - 1);
        listener_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        ::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address);
        ::listen(listener_, 16);
    }
    void listen_loopback() {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        ::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address);
        ::listen(listener_, 16);
        socklen_t length = sizeof address;
        ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &length);
        port_ = ntohs(address.sin_port);
    }
    void serve(const std::stop_token& stop) {
        while (!stop.stop_requested()) {
            pollfd ready{listener_, POLLIN, 0};
            if (::poll(&ready, 1, 20) <= 0) continue;
            const int connection = ::accept(listener_, nullptr, nullptr);
            std::string request;
            char buffer[4096];
            ssize_t count = 0;
            while (request.find("\r\n\r\n") == std::string::npos && (count = ::read(connection, buffer, sizeof buffer)) > 0) {
                request.append(buffer, static_cast<std::size_t>(count));
            }
            const std::string line = request.substr(0, request.find("\r\n"));
            {
                const std::scoped_lock lock(mutex_);
                requests_.push_back(line);
            }
            const auto first = line.find(' ');
            if (first != std::string::npos) answer_(connection, line.substr(first + 1, line.rfind(' ') - first - 1));
            ::close(connection);
        }
    }

    Answer answer_;
    std::string folder_;
    int listener_ = -1;
    int port_ = 0;
    mutable std::mutex mutex_;
    std::vector<std::string> requests_;
    std::jthread thread_;
};

}  // namespace bulkhead::world
