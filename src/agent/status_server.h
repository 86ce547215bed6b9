// SPDX-License-Identifier: Apache-2.0
// Tells metrics and status over HTTP on a unix socket (mode 0600) or a loopback port: GET of a few paths, one connection after the other,
// nothing is ever changed by a request. A client that is slow is let go, so that none keeps another waiting. Owns a thread.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include "base/result.h"
#include "world/live/fd.h"

namespace bulkhead::agent {

inline constexpr std::size_t status_request_bytes_max = 8192;

struct Page {
    std::string type;  // "text/plain; version=0.0.4"
    std::string body;
};

class StatusServer {
  public:
    // The page of a path; nothing: there is none. Called by the server's thread.
    using Pages = std::function<std::optional<Page>(std::string_view path)>;

    // listen: "unix:/path", "127.0.0.1:PORT", "[::1]:PORT". A socket file that nobody answers on is replaced. invalid_input, unavailable (somebody
    // answers there already, or the port is taken), permission_denied.
    static Result<std::unique_ptr<StatusServer>> open(const std::string& listen, Pages pages);
    ~StatusServer();
    StatusServer(const StatusServer&) = delete;
    StatusServer& operator=(const StatusServer&) = delete;
    [[nodiscard]] int port() const { return port_; }  // 0 for a unix socket

  private:
    StatusServer(world::Fd listener, std::string path, int port, Pages pages);
    void serve(const std::stop_token& stop);
    void answer(int connection) const;

    world::Fd listener_;
    std::string path_;  // of the socket's file; empty: a port
    int port_;
    Pages pages_;
    std::jthread thread_;
};

// The body that a status server gives for a path. unavailable: nobody answers there; not_found: no such page.
Result<std::string> ask_status(const std::string& listen, std::string_view path);

}  // namespace bulkhead::agent
