// SPDX-License-Identifier: Apache-2.0
// A server of each kind on loopback, and what the reading says of it.
#include "world/live/ask.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>

#include <functional>
#include <thread>

#include "base/json.h"
#include "world/live/channel.h"
#include "world/live/forged_certificate.h"
#include "world/live/questions.h"
#include "world/live/small_server.h"

namespace bulkhead::world {
namespace {

using testing::StartsWith;

// Takes one connection and does with it what it is told.
class OneConnection {
  public:
    explicit OneConnection(std::function<void(int)> serve) : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        if (::bind(listener_.get(), reinterpret_cast<const sockaddr*>(&address), size) != 0 || ::listen(listener_.get(), 1) != 0) return;
        ::getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&address), &size);
        port_ = ntohs(address.sin_port);
        thread_ = std::jthread([this, serve = std::move(serve)] {
            const Fd connection(::accept(listener_.get(), nullptr, nullptr));
            serve(connection.get());
        });
    }
    [[nodiscard]] std::string target(const std::string& question) const { return question + ":[127.0.0.1]:" + std::to_string(port_); }

  private:
    Fd listener_;
    int port_ = 0;
    std::jthread thread_;
};

std::string heard(int connection) {
    std::string bytes(4096, '\0');
    const ssize_t got = ::recv(connection, bytes.data(), bytes.size(), 0);
    bytes.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return bytes;
}

struct FreeContext {
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};

// Serves TLS with a certificate of its own; asks for the client's and trusts none, as far as `verify` says so.
void serve_tls(int connection, int verify, int version_max, const std::string& answer) {
    const std::unique_ptr<SSL_CTX, FreeContext> context(SSL_CTX_new(TLS_server_method()));
    ASSERT_TRUE(use_forged_certificate(context.get()));
    SSL_CTX_set_verify(context.get(), verify, nullptr);
    SSL_CTX_set_max_proto_version(context.get(), version_max);
    SSL* tls = SSL_new(context.get());
    SSL_set_fd(tls, connection);
    if (SSL_accept(tls) == 1) {
        char buffer[4096];
        SSL_read(tls, buffer, sizeof buffer);
        SSL_write(tls, answer.data(), static_cast<int>(answer.size()));
        SSL_shutdown(tls);
    }
    SSL_free(tls);
    heard(connection);
}

json::Document asked(const std::string& target) {
    const auto answer = ask(target);
    EXPECT_TRUE(answer) << answer.error().message;
    auto document = json::Document::parse(answer.value_or("null"));
    EXPECT_TRUE(document);
    return std::move(*document);
}

TEST(Ask, an_answer_is_kept_up_to_its_end) {
    const OneConnection server([](int connection) {
        EXPECT_EQ(heard(connection), "PING\r\n");
        SmallServer::send(connection, "+PONG\r\nand more");
        heard(connection);  // stays open: the question knows that the answer is whole
    });
    const auto document = asked(server.target("redis"));
    EXPECT_TRUE(document.root()["tls"].is_null());
    EXPECT_EQ(document.root()["end"].text_or(), "none");
    EXPECT_EQ(document.root()["answer"].text_or(), "2b504f4e470d");
}

TEST(Ask, one_that_says_nothing_and_one_that_hangs_up_are_told_apart) {
    const OneConnection closing([](int connection) { heard(connection); });
    EXPECT_EQ(asked(closing.target("redis")).root()["end"].text_or(), "closed");
    const OneConnection silent([](int connection) {
        heard(connection);
        heard(connection);
    });
    const auto began = std::chrono::steady_clock::now();
    EXPECT_EQ(asked(silent.target("redis")).root()["end"].text_or(), "timeout");
    EXPECT_LT(std::chrono::steady_clock::now() - began, answer_time_max * 2);
}

TEST(Ask, an_answer_without_end_is_cut) {
    const OneConnection server([](int connection) {
        heard(connection);
        while (SmallServer::send(connection, std::string(1000, 'x'))) {
        }
    });
    EXPECT_EQ(asked(server.target("redis")).root()["answer"].text_or().size(), 2 * answer_kept_max);
}

TEST(Ask, over_tls_the_servers_certificate_and_version_are_seen) {
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        const OneConnection server([=](int connection) { serve_tls(connection, SSL_VERIFY_NONE, version, "+PONG\r\n"); });
        const auto document = asked(server.target("redis+tls"));
        const auto tls = document.root()["tls"];
        EXPECT_EQ(tls["version"].text_or(), version == TLS1_2_VERSION ? "TLSv1.2" : "TLSv1.3");
        EXPECT_EQ(document.root()["asks_certificate"].boolean(), false);
        ASSERT_EQ(tls["certificates"].texts().size(), 1U);
        EXPECT_THAT(tls["certificates"].texts().front(), StartsWith("-----BEGIN CERTIFICATE-----"));
        EXPECT_EQ(document.root()["answer"].text_or(), "2b504f4e470d");
    }
}

TEST(Ask, a_server_that_wants_a_certificate_says_so_by_an_alert) {
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        const OneConnection server([=](int connection) { serve_tls(connection, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, version, "+PONG\r\n"); });
        const auto document = asked(server.target("redis+tls"));
        EXPECT_EQ(document.root()["end"].text_or(), "alert");
        EXPECT_EQ(document.root()["alert"].integer(), version == TLS1_2_VERSION ? 40 : 116)
            << "RFC 8446 6.2: certificate_required; before it, handshake_failure";
        EXPECT_EQ(document.root()["asks_certificate"].boolean(), true);
        EXPECT_EQ(document.root()["answer"].text_or(), "");
    }
}

TEST(Ask, a_forged_certificate_is_shown_and_refused_where_certificates_are_verified) {
    const OneConnection server([](int connection) { serve_tls(connection, SSL_VERIFY_PEER, TLS1_3_VERSION, "x"); });
    const auto document = asked(server.target("swarm_forged"));
    EXPECT_EQ(document.root()["asks_certificate"].boolean(), true);
    EXPECT_EQ(document.root()["end"].text_or(), "alert");
    EXPECT_EQ(document.root()["alert"].integer(), 48) << "unknown_ca, or as OpenSSL says it";
    const OneConnection lax([](int connection) { serve_tls(connection, SSL_VERIFY_NONE, TLS1_3_VERSION, std::string("\0\0\0\7\0\0\0\0\0", 9)); });
    const auto open = asked(lax.target("swarm_forged"));
    EXPECT_EQ(open.root()["end"].text_or(), "none");
    EXPECT_EQ(open.root()["asks_certificate"].boolean(), false);
}

TEST(Ask, a_server_without_tls_is_seen_as_one) {
    const OneConnection server([](int connection) {
        heard(connection);
        SmallServer::send(connection, "HTTP/1.0 400 Bad Request\r\n\r\n");
    });
    const auto document = asked(server.target("redis+tls"));
    EXPECT_EQ(document.root()["end"].text_or(), "no_tls");
    EXPECT_TRUE(document.root()["tls"].is_null());
}

TEST(Ask, what_cannot_be_asked_is_a_failure) {
    for (const char* target : {"", "redis", "redis:[localhost]:1", "shutdown:[127.0.0.1]:1", "+tls:[127.0.0.1]:1", ":[127.0.0.1]:1", "redis:[127.0.0.1]:0"}) {
        EXPECT_FALSE(ask(target)) << target;
    }
}

}  // namespace
}  // namespace bulkhead::world
