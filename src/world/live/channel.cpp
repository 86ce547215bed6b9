// SPDX-License-Identifier: Apache-2.0
#include "world/live/channel.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "world/live/forged_certificate.h"
#include "world/live/sigpipe.h"

namespace bulkhead::world {

namespace {

constexpr int alert_base = SSL_AD_REASON_OFFSET;  // OpenSSL's reasons are the alert's number above this one

struct FreeBio {
    void operator()(BIO* bio) const { BIO_free(bio); }
};

std::string pem_of(X509* certificate) {
    const std::unique_ptr<BIO, FreeBio> out(BIO_new(BIO_s_mem()));
    if (!out || PEM_write_bio_X509(out.get(), certificate) != 1) return {};
    char* data = nullptr;
    const long size = BIO_get_mem_data(out.get(), &data);
    return size > 0 ? std::string(data, static_cast<std::size_t>(size)) : std::string();
}

// Called when the server asks for a certificate.
int note_asked(SSL* ssl, void* asked) {
    *static_cast<bool*>(asked) = true;
    (void)ssl;
    return 1;
}

}  // namespace

std::string_view name(End end) {
    static constexpr std::array<std::string_view, 6> names = {"none", "closed", "reset", "timeout", "alert", "no_tls"};
    return names.at(static_cast<std::size_t>(end));
}

void Channel::FreeTls::operator()(ssl_st* tls) const { SSL_free(tls); }
void Channel::FreeTls::operator()(ssl_ctx_st* context) const { SSL_CTX_free(context); }

Channel::Channel(Fd fd, std::chrono::milliseconds time_max) : fd_(std::move(fd)), until_(std::chrono::steady_clock::now() + time_max) {}
Channel::~Channel() = default;

bool Channel::wait_for(short events) const {
    for (;;) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until_ - std::chrono::steady_clock::now()).count();
        if (left <= 0) return false;
        pollfd waiting{fd_.get(), events, 0};
        const int ready = ::poll(&waiting, 1, static_cast<int>(left));
        if (ready > 0) return true;
        if (ready == 0 || errno != EINTR) return false;
    }
}

End Channel::ended_with(int result) {
    const int error = errno;
    switch (SSL_get_error(ssl_.get(), result)) {
        case SSL_ERROR_WANT_READ: return wait_for(POLLIN) ? End::none : End::timeout;
        case SSL_ERROR_WANT_WRITE: return wait_for(POLLOUT) ? End::none : End::timeout;
        case SSL_ERROR_ZERO_RETURN: return End::closed;
        case SSL_ERROR_SYSCALL: return error == ECONNRESET || error == EPIPE ? End::reset : End::closed;
        default: break;
    }
    const int reason = ERR_GET_REASON(ERR_peek_last_error());
    if (reason > alert_base && reason < alert_base + 256) {
        alert_ = reason - alert_base;
        return End::alert;
    }
    // An end without TLS's own close is what many servers do.
    if (reason == SSL_R_UNEXPECTED_EOF_WHILE_READING) return End::closed;
    return End::no_tls;
}

void Channel::note_handshake() {
    TlsFacts facts;
    facts.version = SSL_get_version(ssl_.get());
    const char* cipher = SSL_get_cipher_name(ssl_.get());
    facts.cipher = cipher == nullptr ? "" : cipher;
    STACK_OF(X509)* chain = SSL_get_peer_cert_chain(ssl_.get());
    const int count = chain == nullptr ? 0 : std::min(sk_X509_num(chain), static_cast<int>(certificates_shown_max));
    for (int i = 0; i < count; ++i) facts.certificates.push_back(pem_of(sk_X509_value(chain, i)));
    tls_ = std::move(facts);
}

End Channel::start_tls(Whoever as, std::string_view alpn) {
    const SigpipeBlocked quiet;
    ERR_clear_error();
    context_.reset(SSL_CTX_new(TLS_client_method()));
    if (!context_) return End::no_tls;
    // What the server speaks is to be seen, were it the worst.
    SSL_CTX_set_security_level(context_.get(), 0);
    SSL_CTX_set_min_proto_version(context_.get(), TLS1_VERSION);
    SSL_CTX_set_verify(context_.get(), SSL_VERIFY_NONE, nullptr);
    if (as == Whoever::forged && !use_forged_certificate(context_.get())) return End::no_tls;
    SSL_CTX_set_cert_cb(context_.get(), note_asked, &asked_);
    ssl_.reset(SSL_new(context_.get()));
    if (!ssl_ || SSL_set_fd(ssl_.get(), fd_.get()) != 1) return End::no_tls;
    if (!alpn.empty()) {
        const std::string wire = std::string(1, static_cast<char>(alpn.size())) + std::string(alpn);
        SSL_set_alpn_protos(ssl_.get(), reinterpret_cast<const unsigned char*>(wire.data()), static_cast<unsigned>(wire.size()));
    }
    for (;;) {
        ERR_clear_error();
        const int result = SSL_connect(ssl_.get());
        if (result == 1) break;
        if (const End end = ended_with(result); end != End::none) return end;
    }
    note_handshake();
    return End::none;
}

End Channel::send(std::string_view bytes) {
    const SigpipeBlocked quiet;
    while (!bytes.empty()) {
        if (ssl_) {
            ERR_clear_error();
            const int sent = SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size()));
            if (sent > 0) {
                bytes.remove_prefix(static_cast<std::size_t>(sent));
            } else if (const End end = ended_with(sent); end != End::none) {
                return end;
            }
            continue;
        }
        const ssize_t sent = ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent > 0) {
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        } else if (errno != EAGAIN && errno != EINTR) {
            return End::reset;
        } else if (!wait_for(POLLOUT)) {
            return End::timeout;
        }
    }
    return End::none;
}

End Channel::receive(std::string& into, std::size_t bytes_max) {
    const SigpipeBlocked quiet;
    std::array<char, 4096> buffer{};
    const std::size_t wanted = std::min(buffer.size(), bytes_max);
    for (;;) {
        if (ssl_) {
            ERR_clear_error();
            const int got = SSL_read(ssl_.get(), buffer.data(), static_cast<int>(wanted));
            if (got > 0) {
                into.append(buffer.data(), static_cast<std::size_t>(got));
                return End::none;
            }
            if (const End end = ended_with(got); end != End::none) return end;
            continue;
        }
        const ssize_t got = ::recv(fd_.get(), buffer.data(), wanted, 0);
        if (got > 0) {
            into.append(buffer.data(), static_cast<std::size_t>(got));
            return End::none;
        }
        if (got == 0) return End::closed;
        if (errno != EAGAIN && errno != EINTR) return End::reset;
        if (!wait_for(POLLIN)) return End::timeout;
    }
}

}  // namespace bulkhead::world
