// SPDX-License-Identifier: Apache-2.0
// Bytes to and from a server within a time, over TCP or TLS. The server's certificate is looked at and never trusted: nothing secret is sent.
// Owned by one thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "world/live/fd.h"

struct ssl_st;
struct ssl_ctx_st;

namespace bulkhead::world {

// Why no more came. alert: the server said so over TLS (RFC 8446, 6). no_tls: what it speaks is not TLS.
enum class End : std::uint8_t { none, closed, reset, timeout, alert, no_tls };
std::string_view name(End end);

struct TlsFacts {
    std::string version;  // TLSv1.3
    std::string cipher;
    std::vector<std::string> certificates;  // the server's, in PEM, its own first; certificates_shown_max of them
};
inline constexpr std::size_t certificates_shown_max = 8;

enum class Whoever : std::uint8_t { nobody, forged };  // without a certificate; with one that no CA signed

class Channel {
  public:
    Channel(Fd fd, std::chrono::milliseconds time_max);
    ~Channel();
    Channel(const Channel&) = delete;
    Channel& operator=(const Channel&) = delete;

    // To be called at most once, before all others. alpn: a protocol's name, or none.
    End start_tls(Whoever as, std::string_view alpn);
    End send(std::string_view bytes);
    End receive(std::string& into, std::size_t bytes_max);  // End::none: something was added

    [[nodiscard]] const std::optional<TlsFacts>& tls() const { return tls_; }  // after a handshake that ended well on our side
    [[nodiscard]] bool asks_certificate() const { return asked_; }             // the server asked for one of ours
    [[nodiscard]] std::optional<int> alert() const { return alert_; }

  private:
    struct FreeTls {
        void operator()(ssl_st* tls) const;
        void operator()(ssl_ctx_st* context) const;
    };
    [[nodiscard]] bool wait_for(short events) const;  // false: the time is over
    End ended_with(int result);                       // of a TLS call; none: call it again
    void note_handshake();

    Fd fd_;
    std::chrono::steady_clock::time_point until_;
    std::unique_ptr<ssl_ctx_st, FreeTls> context_;
    std::unique_ptr<ssl_st, FreeTls> ssl_;
    std::optional<TlsFacts> tls_;
    std::optional<int> alert_;
    bool asked_ = false;
};

}  // namespace bulkhead::world
