// SPDX-License-Identifier: Apache-2.0
// TLS: the hellos, and up to TLS 1.2 the server's certificate. Handshake messages are put together out of records (RFC 8446, section 5.1)
// as far as they are needed; of what is encrypted nothing is kept.
#include <algorithm>
#include <array>

#include "l7/protocols.h"
#include "l7/tls_certificate.h"
#include "l7/tls_fingerprint.h"
#include "l7/tls_hello.h"

namespace bulkhead::l7 {

namespace {

constexpr std::size_t handshake_bytes_max = 24'576;  // waited for of one side: a certificate of a long chain is the first one in it
constexpr std::size_t record_bytes_max = 16'384 + 2'048;
constexpr std::size_t record_header_bytes = 5, message_header_bytes = 4;
constexpr std::size_t alert_bytes = 2;  // in the clear
constexpr std::uint16_t tls13 = 0x0304, tls12 = 0x0303;

namespace record {
constexpr std::uint8_t change_cipher_spec = 20, alert = 21, handshake = 22, application = 23;
}
namespace message {
constexpr std::uint8_t client_hello = 1, server_hello = 2, certificate = 11, server_hello_done = 14;
}

class Tls final : public Conversation {
  public:
    Progress take(const Piece& piece, flow::L7& l7) override {
        if (l7.tls.empty()) l7.tls.emplace_back();
        Side& side = sides_[piece.from_client ? 0 : 1];
        if (side.over) return progress();
        if (first_ && piece.from_client) {
            first_ = false;
            if (const auto old = parse_ssl2_hello(piece.bytes)) {
                take_client_hello(*old, l7);
                side.over = true;
                if (old->version == 0x0002) ssl2_ = true;
                return progress();
            }
        }
        time_s_ = piece.time_ns != 0 ? piece.time_ns / 1'000'000'000 : time_s_;
        take_records(side, piece.bytes, piece.from_client, l7);
        if (piece.cut > 0) give_up(side, piece.from_client, l7);
        return progress();
    }

    void end(flow::L7& l7) override {
        for (const bool from_client : {true, false}) give_up(sides_[from_client ? 0 : 1], from_client, l7);
    }

  private:
    struct Side {
        std::array<std::uint8_t, record_header_bytes> header{};
        std::size_t header_bytes = 0;
        std::size_t record_left = 0;  // of the current record's content
        std::string handshake;
        std::size_t handshake_read = 0;
        bool over = false;  // nothing more is read of this side
    };

    [[nodiscard]] Progress progress() const { return sides_[0].over && (sides_[1].over || ssl2_) ? Progress::enough : Progress::more; }

    void take_records(Side& side, Span bytes, bool from_client, flow::L7& l7) {
        while (!bytes.empty() && !side.over) {
            if (side.record_left == 0) {
                const std::size_t count = std::min(record_header_bytes - side.header_bytes, bytes.size());
                std::copy_n(bytes.begin(), count, side.header.begin() + static_cast<std::ptrdiff_t>(side.header_bytes));
                side.header_bytes += count;
                bytes = bytes.subspan(count);
                if (side.header_bytes == record_header_bytes) begin_record(side);
                continue;
            }
            const std::size_t count = std::min(side.record_left, bytes.size());
            if (side.header[0] == record::handshake) side.handshake.append(text_of(bytes.first(count)));
            side.record_left -= count;
            bytes = bytes.subspan(count);
            take_messages(side, from_client, l7);
            if (side.handshake.size() >= handshake_bytes_max) give_up(side, from_client, l7);
        }
    }

    static void begin_record(Side& side) {
        side.header_bytes = 0;
        side.record_left = static_cast<std::size_t>(side.header[3] << 8 | side.header[4]);
        // A server may warn before it answers ("unrecognized name"). Anything else but the handshake comes after what can be read.
        const bool is_read = side.header[0] == record::handshake || (side.header[0] == record::alert && side.record_left == alert_bytes);
        if (!is_read || side.header[1] != 3 || side.record_left > record_bytes_max) side.over = true;
    }

    void take_messages(Side& side, bool from_client, flow::L7& l7) {
        std::size_t read = 0;
        while (!side.over) {
            const Span all = span_of(side.handshake).subspan(read);
            if (all.size() < message_header_bytes) break;
            const std::size_t length = static_cast<std::size_t>(all[1] << 16 | all[2] << 8 | all[3]);
            const Span body = all.subspan(message_header_bytes);
            if (body.size() < length && !(all[0] == message::certificate && has_first_certificate(body))) break;
            take_message(side, all[0], body, length, from_client, l7);
            read = std::min(side.handshake.size(), read + message_header_bytes + length);
        }
        side.handshake.erase(0, read);
        side.handshake_read += read;
        if (side.handshake_read > handshake_bytes_max) side.over = true;
    }

    static bool has_first_certificate(Span body) {
        Bytes bytes(body);
        bytes.skip(3);
        bytes.skip(bytes.u24());
        return bytes.ok();
    }

    void take_message(Side& side, std::uint8_t type, Span body, std::size_t length, bool from_client, flow::L7& l7) {
        if (from_client) {
            if (type == message::client_hello) take_client_hello(parse_client_hello(body, length), l7);
            side.over = true;
        } else if (type == message::server_hello) {
            take_server_hello(side, parse_server_hello(body, length), l7);
        } else if (type == message::certificate) {
            take_certificate(body, l7);
            side.over = true;
        } else if (type == message::server_hello_done) {
            side.over = true;
        }
    }

    // The rest never comes, or is too long to wait for: the beginning of a hello is better than nothing.
    void give_up(Side& side, bool from_client, flow::L7& l7) {
        const Span all = span_of(side.handshake);
        if (!side.over && all.size() > message_header_bytes) {
            const std::size_t length = static_cast<std::size_t>(all[1] << 16 | all[2] << 8 | all[3]);
            if (all[0] == message::client_hello && from_client) take_client_hello(parse_client_hello(all.subspan(message_header_bytes), length), l7);
            if (all[0] == message::server_hello && !from_client) take_server_hello(side, parse_server_hello(all.subspan(message_header_bytes), length), l7);
        }
        side.over = true;
        std::string().swap(side.handshake);
    }

    static void take_client_hello(const ClientHello& hello, flow::L7& l7) {
        flow::TlsSession& session = l7.tls[0];
        session.server_name = hello.server_name;
        if (session.alpn.empty() && hello.alpn.size() == 1) session.alpn = bounded(hello.alpn[0]);
        if (!hello.whole) return;
        session.ja3 = ja3(hello);
        session.ja4 = ja4(hello);
        if (hello.version == 0x0002) session.version = tls_version_name(hello.version);
    }

    static void take_server_hello(Side& side, const ServerHello& hello, flow::L7& l7) {
        flow::TlsSession& session = l7.tls[0];
        if (hello.version == 0) return;
        session.version = tls_version_name(hello.version);
        if (!hello.alpn.empty()) session.alpn = hello.alpn;
        if (hello.cipher != 0 || hello.whole) session.cipher = tls_cipher_name(hello.cipher);
        if (hello.whole) session.ja3s = ja3s(hello);
        if (hello.version < tls12) add_risk(l7, "tls_old_version");
        for (const std::string_view weak : {"_RC4_", "_NULL_", "EXPORT", "_anon_", "_DES_", "_3DES_", "_RC2_"}) {
            if (session.cipher.find(weak) != std::string::npos) add_risk(l7, "tls_weak_cipher");
        }
        if (hello.version >= tls13) side.over = true;  // all that follows is encrypted
    }

    void take_certificate(Span body, flow::L7& l7) {
        Bytes bytes(body);
        bytes.skip(3);
        const auto certificate = parse_certificate(bytes.take(bytes.u24()));
        if (!certificate) return;
        flow::TlsSession& session = l7.tls[0];
        session.subject = certificate->subject;
        session.issuer = certificate->issuer;
        session.not_after = certificate->not_after;
        if (certificate->self_issued) add_risk(l7, "tls_self_signed");
        if (certificate->not_after != 0 && time_s_ > certificate->not_after) add_risk(l7, "tls_certificate_expired");
    }

    std::array<Side, 2> sides_;  // client's, server's
    std::int64_t time_s_ = 0;
    bool first_ = true;
    bool ssl2_ = false;
};

}  // namespace

std::unique_ptr<Conversation> open_tls(bool) { return std::make_unique<Tls>(); }

bool is_tls_hello(const Opening& opening) {
    Bytes bytes(opening.bytes);
    bytes.skip(3);
    const std::uint16_t length = bytes.u16();
    const std::uint8_t type = bytes.u8();
    const std::uint32_t message_length = bytes.u24();
    if (!bytes.ok() || length < 4 || length > record_bytes_max || message_length < 34) return false;
    return (type == message::client_hello || type == message::server_hello) && bytes.u8() == 3;
}

// In the middle of a connection: only whole records say that it is no accident.
bool is_tls_record(const Opening& opening) {
    Bytes bytes(opening.bytes);
    const std::uint8_t type = bytes.u8();
    bytes.skip(2);
    const std::uint16_t length = bytes.u16();
    if (!bytes.ok() || type < record::change_cipher_spec || type > record::application || length == 0 || length > record_bytes_max) return false;
    if (opening.wire_bytes == length + record_header_bytes) return type != record::application || length >= 17;
    bytes.skip(length);
    const std::uint8_t next = bytes.u8();
    return bytes.u8() == 3 && bytes.ok() && next >= record::change_cipher_spec && next <= record::application;
}

bool is_ssl2_hello(const Opening& opening) { return parse_ssl2_hello(opening.bytes).has_value(); }

}  // namespace bulkhead::l7
