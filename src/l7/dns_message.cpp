// SPDX-License-Identifier: Apache-2.0
#include "l7/dns_message.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>

#include "flow/l7.h"

namespace bulkhead::l7 {

namespace {

constexpr std::size_t header_bytes = 12;
constexpr std::size_t name_bytes_max = 255;  // RFC 1035, section 2.3.4
constexpr int pointers_max = 32;
constexpr std::size_t records_max = 64;           // looked at in one message
constexpr std::uint16_t class_any_mask = 0x7fff;  // the upper bit is mDNS' own (RFC 6762, sections 5.4 and 10.2)

void append_label(std::string& out, Span label) {
    if (!out.empty()) out += '.';
    for (const std::uint8_t byte : label) {
        if (byte >= 'A' && byte <= 'Z') {
            out += static_cast<char>(byte | 0x20);
        } else if (byte > ' ' && byte < 0x7f && byte != '.' && byte != '\\') {
            out += static_cast<char>(byte);
        } else {
            out += fmt::format("\\{:03}", byte);
        }
    }
}

class Reader {
  public:
    Reader(Span all, DnsMessage& message) : all_(all), at_(header_bytes), message_(message) {}

    bool read_name(std::string* out) {
        std::size_t at = at_, read = 0, behind = 0;
        for (int pointers = 0;;) {
            if (at >= all_.size()) return false;
            const std::uint8_t length = all_[at];
            if (length == 0) {
                at_ = behind > 0 ? behind : at + 1;
                return true;
            }
            if ((length & 0xc0) == 0xc0) {
                if (at + 1 >= all_.size()) return false;
                const std::size_t target = static_cast<std::size_t>(length & 0x3f) << 8 | all_[at + 1];
                if (behind == 0) behind = at + 2;
                if (target >= at || ++pointers > pointers_max) return loop();
                at = target;
                continue;
            }
            if ((length & 0xc0) != 0 || at + 1 + length > all_.size()) return false;
            read += length + 1U;
            if (read > name_bytes_max) return false;
            if (out != nullptr) append_label(*out, all_.subspan(at + 1, length));
            at += 1U + length;
        }
    }

    bool read_question(bool first) {
        std::string name;
        if (!read_name(first ? &name : nullptr) || !has(4)) return false;
        if (first) {
            message_.name = name.substr(0, flow::l7_text_max);
            message_.type = u16(0);
            const std::uint16_t klass = u16(2) & class_any_mask;
            if (klass != 1 && klass != 3 && klass != 4 && klass != 254 && klass != 255) return false;
        }
        at_ += 4;
        return true;
    }

    bool read_answer() {
        if (!read_name(nullptr) || !has(10)) return false;
        const std::uint16_t type = u16(0), length = u16(8);
        const std::uint32_t ttl = static_cast<std::uint32_t>(u16(4)) << 16 | u16(6);
        at_ += 10;
        if (!has(length)) return false;
        const std::size_t end = at_ + length;
        std::string value;
        const bool good = read_value(type, length, value);
        at_ = end;
        if (!good) return false;
        if (value.empty()) return true;
        message_.ttl = message_.answers.empty() ? ttl : std::min(message_.ttl, ttl);
        if (message_.answers.size() < dns_answers_max) message_.answers.push_back(value.substr(0, flow::l7_text_max));
        return true;
    }

  private:
    [[nodiscard]] bool has(std::size_t bytes) const { return bytes <= all_.size() - at_; }
    [[nodiscard]] std::uint16_t u16(std::size_t offset) const { return static_cast<std::uint16_t>(all_[at_ + offset] << 8 | all_[at_ + offset + 1]); }
    bool loop() {
        message_.loop_pointer = true;
        return false;
    }

    // Addresses and names; other kinds have nothing that others ask for.
    bool read_value(std::uint16_t type, std::uint16_t length, std::string& out) {
        constexpr std::uint16_t a = 1, ns = 2, cname = 5, ptr = 12, mx = 15, aaaa = 28, srv = 33;
        char buffer[INET6_ADDRSTRLEN];
        if (type == a || type == aaaa) {
            if (length != (type == a ? 4 : 16)) return false;
            out = inet_ntop(type == a ? AF_INET : AF_INET6, all_.data() + at_, buffer, sizeof buffer);
            return true;
        }
        if (type != ns && type != cname && type != ptr && type != mx && type != srv) return true;
        const std::size_t before = type == mx ? 2 : type == srv ? 6 : 0;
        if (length <= before) return false;
        at_ += before;
        return read_name(&out);
    }

    Span all_;
    std::size_t at_;
    DnsMessage& message_;
};

bool is_plausible(std::uint16_t flags, std::uint16_t questions) {
    const int opcode = flags >> 11 & 15;
    return questions >= 1 && questions <= 8 && (opcode <= 2 || opcode == 4 || opcode == 5) && (flags & 0x40) == 0;
}

}  // namespace

std::optional<DnsMessage> parse_dns(Span bytes, bool whole) {
    if (bytes.size() < header_bytes + 5) return std::nullopt;
    Bytes header(bytes);
    DnsMessage out;
    out.id = header.u16();
    const std::uint16_t flags = header.u16(), questions = header.u16(), answers = header.u16();
    if (!is_plausible(flags, questions)) return std::nullopt;
    out.is_response = (flags & 0x8000) != 0;
    out.truncated = (flags & 0x0200) != 0;
    out.rcode = flags & 15;
    if (!out.is_response && answers > questions && answers > 255) return std::nullopt;
    Reader reader(bytes, out);
    for (std::uint16_t i = 0; i < questions; ++i) {
        if (reader.read_question(i == 0)) continue;
        if (!out.loop_pointer) return std::nullopt;
        out.malformed = true;
        return out;
    }
    for (std::size_t i = 0; i < std::min<std::size_t>(answers, records_max); ++i) {
        if (reader.read_answer()) continue;
        out.malformed = whole && !out.truncated;
        break;
    }
    return out;
}

}  // namespace bulkhead::l7
