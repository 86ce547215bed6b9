// SPDX-License-Identifier: Apache-2.0
// PostgreSQL: who logs in to which database, how, and what server it is ("Frontend/Backend Protocol", chapters "Message Flow" and
// "Message Formats"). Behind an SSLRequest that is granted comes TLS.
#include "l7/protocols.h"

namespace bulkhead::l7 {

namespace {

constexpr std::uint32_t ssl_request = 80'877'103, gss_request = 80'877'104, cancel_request = 80'877'102;
constexpr std::uint32_t protocol_major = 3;
constexpr std::size_t start_bytes_max = 10'000;  // as the server's own limit
constexpr std::size_t answer_bytes_max = 8'192;  // of the server's, in which its version is looked for

constexpr int answers_max = 64;

class Postgresql final : public Conversation {
  public:
    Progress take(const Piece& piece, flow::L7& l7) override {
        if (tls_) return tls_->take(piece, l7);
        return piece.from_client ? take_client(piece, l7) : take_server(piece, l7);
    }
    void end(flow::L7& l7) override {
        if (tls_) tls_->end(l7);
    }

  private:
    Progress take_client(const Piece& piece, flow::L7& l7) {
        if (started_) return Progress::more;
        const Span all = client_.with(piece.bytes, start_bytes_max);
        Bytes bytes(all);
        const std::uint32_t length = bytes.u32(), code = bytes.u32();
        if (bytes.ok() && (code == ssl_request || code == gss_request)) {
            asked_to_encrypt_ = true;
            client_.clear();
            return Progress::more;
        }
        if (bytes.ok() && (code == cancel_request || code >> 16 != protocol_major)) return Progress::enough;
        if (all.size() < length && piece.cut == 0 && all.size() < start_bytes_max) {
            client_.keep(all);
            return Progress::more;
        }
        take_parameters(bytes, l7);
        client_.clear();
        started_ = true;
        return Progress::more;
    }

    static void take_parameters(Bytes bytes, flow::L7& l7) {
        for (int i = 0; i < 32 && bytes.left() > 1; ++i) {
            const std::string_view name = bytes.zero_terminated(), value = bytes.zero_terminated();
            if (!bytes.ok() || name.empty()) break;
            if (name == "user") l7.user = bounded(value);
            if (name == "database") l7.database = bounded(value);
        }
        // "defaults to the user name"
        if (l7.database.empty()) l7.database = l7.user;
    }

    Progress take_server(const Piece& piece, flow::L7& l7) {
        Span answer = piece.bytes;
        if (asked_to_encrypt_ && !answer.empty()) {
            asked_to_encrypt_ = false;
            if (answer[0] == 'S' && answer.size() == 1) tls_ = open_tls(true);
            if (answer.size() == 1) return answer[0] == 'G' ? Progress::enough : Progress::more;
        }
        const Span all = server_.with(answer, answer_bytes_max);
        std::size_t read = 0;
        for (Bytes bytes(all); bytes.left() >= 5;) {
            const std::uint8_t type = bytes.u8();
            const std::uint32_t length = bytes.u32();
            if (length < 4) return Progress::enough;
            Bytes body(bytes.take(length - 4));
            if (!bytes.ok()) break;
            read = bytes.at();
            if (++answers_ > answers_max || !take_answer(type, body, l7)) return Progress::enough;
        }
        if (piece.cut > 0 || all.size() >= answer_bytes_max) return Progress::enough;
        const std::string rest(text_of(all.subspan(read)));
        server_.clear();
        server_.keep(server_.with(span_of(rest), answer_bytes_max));
        return Progress::more;
    }

    // False: what was to be learned is.
    static bool take_answer(std::uint8_t type, Bytes body, flow::L7& l7) {
        constexpr std::uint32_t clear_text_password = 3;
        if (type == 'R') {
            if (body.u32() == clear_text_password) add_risk(l7, "clear_text_password");
            return true;
        }
        if (type == 'S') {
            const std::string_view name = body.zero_terminated(), value = body.zero_terminated();
            if (!body.ok() || name != "server_version") return true;
            l7.banner = "PostgreSQL " + bounded(value).substr(0, flow::l7_text_max - 11);
            return false;
        }
        return type == 'K' || type == 'N' || type == 'v';
    }

    Gathered client_, server_;
    std::unique_ptr<Conversation> tls_;
    int answers_ = 0;
    bool asked_to_encrypt_ = false;
    bool started_ = false;
};

}  // namespace

std::unique_ptr<Conversation> open_postgresql(bool) { return std::make_unique<Postgresql>(); }

bool is_postgresql_start(const Opening& opening) {
    Bytes bytes(opening.bytes);
    const std::uint32_t length = bytes.u32(), code = bytes.u32();
    if (!bytes.ok() || length > start_bytes_max) return false;
    if (code == ssl_request || code == gss_request) return length == 8 && opening.wire_bytes == 8;
    if (code == cancel_request) return length == 16 && opening.wire_bytes == 16;
    const std::uint8_t first = bytes.u8();
    // PostgreSQL 3.0 and 3.2; a parameter's name follows.
    return code >> 16 == protocol_major && (code & 0xffff) <= 2 && length == opening.wire_bytes && first >= '_' && first <= 'z';
}

}  // namespace bulkhead::l7
