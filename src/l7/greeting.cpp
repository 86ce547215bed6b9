// SPDX-License-Identifier: Apache-2.0
// Protocols in which a server says first what it is, in one line of text: SSH (RFC 4253, section 4.2), SMTP, FTP, POP3, IMAP; and AMQP,
// which says it in a table.
#include <algorithm>
#include <array>
#include <string>

#include "l7/protocols.h"

namespace bulkhead::l7 {

namespace {

constexpr std::size_t line_bytes_max = 512;

std::string_view first_line(std::string_view text) {
    text = text.substr(0, text.find_first_of("\r\n"));
    return text;
}

class Greeting final : public Conversation {
  public:
    Progress take(const Piece& piece, flow::L7& l7) override {
        const std::size_t side = piece.from_client ? 0 : 1;
        if (over_[side]) return Progress::more;
        const Span all = lines_[side].with(piece.bytes, line_bytes_max);
        const std::string_view text = text_of(all);
        if (text.find('\n') == std::string_view::npos && all.size() < line_bytes_max && piece.cut == 0) {
            lines_[side].keep(all);
            return Progress::more;
        }
        over_[side] = true;
        const std::string_view line = first_line(text);
        if (!piece.from_client) l7.banner = bounded(line);
        // 1.99 is a server of version 2 that knows old clients (RFC 4253, section 5.1).
        if (line.starts_with("SSH-1.") && !line.starts_with("SSH-1.99")) add_risk(l7, "ssh_version_1");
        lines_[side].clear();
        return over_[1] ? Progress::enough : Progress::more;
    }

  private:
    std::array<Gathered, 2> lines_;
    std::array<bool, 2> over_{};
};

class Amqp final : public Conversation {
  public:
    Progress take(const Piece& piece, flow::L7& l7) override {
        if (piece.from_client) return Progress::more;
        const std::string_view text = text_of(piece.bytes);
        if (text.find("RabbitMQ") != std::string_view::npos) {
            l7.application = "rabbitmq";
            l7.banner = "RabbitMQ";
            // A field table: name, 'S', length, value (AMQP 0-9-1, section 4.2.5.5).
            constexpr std::string_view version = "\x07versionS";
            if (const std::size_t at = text.find(version); at != std::string_view::npos) {
                Bytes bytes(piece.bytes.subspan(at + version.size()));
                const Span value = bytes.take(bytes.u32());
                if (bytes.ok() && value.size() <= 32) l7.banner += " " + std::string(text_of(value));
            }
        } else if (text.find("ActiveMQ") != std::string_view::npos) {
            l7.application = "activemq";
        }
        return Progress::enough;
    }
};

}  // namespace

std::unique_ptr<Conversation> open_greeting(bool) { return std::make_unique<Greeting>(); }
std::unique_ptr<Conversation> open_amqp(bool) { return std::make_unique<Amqp>(); }

}  // namespace bulkhead::l7
