// SPDX-License-Identifier: Apache-2.0
// MySQL and MariaDB: what server it is, who logs in to which database ("Client/Server Protocol", Protocol::HandshakeV10 and
// Protocol::HandshakeResponse41). Behind an SSLRequest comes TLS.
#include "l7/protocols.h"

namespace bulkhead::l7 {

namespace {

constexpr std::uint32_t with_database = 0x8, protocol_41 = 0x200, with_tls = 0x800, secure_connection = 0x8000, length_encoded = 0x200000;
constexpr std::size_t header_bytes = 4, login_bytes_max = 4'096;
constexpr std::size_t ssl_request_bytes = 32;

class Mysql final : public Conversation {
  public:
    Progress take(const Piece& piece, flow::L7& l7) override {
        if (tls_) return tls_->take(piece, l7);
        if (!piece.from_client) return take_server(piece, l7);
        const Span all = client_.with(piece.bytes, login_bytes_max);
        Bytes bytes(all);
        const std::uint32_t length = bytes.little24();
        bytes.skip(1);
        if (bytes.left() < length && piece.cut == 0 && all.size() < login_bytes_max) {
            client_.keep(all);
            return Progress::more;
        }
        const std::uint32_t capabilities = Bytes(bytes).little32();
        if (length == ssl_request_bytes && (capabilities & with_tls) != 0) {
            tls_ = open_tls(true);
            const Span rest = all.subspan(std::min(all.size(), header_bytes + ssl_request_bytes));
            return rest.empty() ? Progress::more : tls_->take({true, rest, piece.cut, piece.time_ns}, l7);
        }
        take_login(Bytes(bytes.take_up_to(length)), l7);
        return Progress::enough;
    }
    void end(flow::L7& l7) override {
        if (tls_) tls_->end(l7);
    }

  private:
    Progress take_server(const Piece& piece, flow::L7& l7) {
        constexpr std::uint8_t error = 0xff;
        if (greeted_) return Progress::more;
        greeted_ = true;
        Bytes bytes(piece.bytes);
        bytes.skip(header_bytes);
        if (bytes.u8() == error) return Progress::enough;  // this client may not even try
        std::string_view version = bytes.zero_terminated();
        // MariaDB says so for clients that only know numbers below 10.
        if (version.starts_with("5.5.5-") && version.find("MariaDB") != std::string_view::npos) version.remove_prefix(6);
        l7.banner = bounded(version);
        return Progress::more;
    }

    static void take_login(Bytes bytes, flow::L7& l7) {
        const std::uint32_t capabilities = bytes.little32();
        if ((capabilities & protocol_41) == 0) return;
        bytes.skip(4 + 1 + 23);
        const std::string_view user = bytes.zero_terminated();
        if (!bytes.ok()) return;
        l7.user = bounded(user);
        if ((capabilities & with_database) == 0) return;
        if ((capabilities & (length_encoded | secure_connection)) != 0) {
            const std::uint8_t length = bytes.u8();
            if (length >= 0xfb) return;  // longer than any answer to a challenge
            bytes.skip(length);
        } else {
            bytes.zero_terminated();
        }
        const std::string_view database = bytes.zero_terminated();
        if (bytes.ok()) l7.database = bounded(database);
    }

    Gathered client_;
    std::unique_ptr<Conversation> tls_;
    bool greeted_ = false;
};

}  // namespace

std::unique_ptr<Conversation> open_mysql(bool) { return std::make_unique<Mysql>(); }

bool is_mysql_greeting(const Opening& opening) {
    constexpr std::uint8_t protocol_version = 10, error = 0xff;
    constexpr std::size_t version_max = 64;
    Bytes bytes(opening.bytes);
    const std::uint32_t length = bytes.little24();
    const std::uint8_t number = bytes.u8(), first = bytes.u8();
    if (!bytes.ok() || number != 0 || length + header_bytes != opening.wire_bytes) return false;
    if (first == error) {
        // "Host is blocked", "too many connections", "host is not allowed to connect": 1129, 1040, 1130
        const std::uint32_t code = bytes.little16();
        return bytes.ok() && (code == 1040 || code == 1129 || code == 1130);
    }
    const std::string_view version = bytes.zero_terminated();
    if (first != protocol_version || !bytes.ok() || version.empty() || version.size() > version_max) return false;
    for (const char c : version) {
        if (c < ' ' || c > '~') return false;
    }
    return version[0] >= '0' && version[0] <= '9' && bytes.left() >= 13;
}

}  // namespace bulkhead::l7
