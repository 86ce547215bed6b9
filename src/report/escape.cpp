// SPDX-License-Identifier: Apache-2.0
#include "report/escape.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"

namespace bulkhead::report {

namespace {

// U+FFFE and U+FFFF are UTF-8, and forbidden in XML 1.0 (production 2, Char).
constexpr std::string_view not_xml[] = {"\xEF\xBF\xBE", "\xEF\xBF\xBF"};

std::string escaped(std::string_view safe) {
    std::string out;
    out.reserve(safe.size() + 16);
    for (std::size_t i = 0; i < safe.size(); ++i) {
        switch (safe[i]) {
            case '&': out += "&amp;"; break;
            case '<': out += "&lt;"; break;
            case '>': out += "&gt;"; break;
            case '"': out += "&quot;"; break;
            case '\'': out += "&#39;"; break;
            case '\xEF':
                if (const std::string_view three = safe.substr(i, 3); three == not_xml[0] || three == not_xml[1]) {
                    out += three == not_xml[0] ? "\\ufffe" : "\\uffff";
                    i += 2;
                    break;
                }
                [[fallthrough]];
            default: out += safe[i];
        }
    }
    return out;
}

// Most text needs nothing, and reports of large audits have much of it.
class PlainBytes {
  public:
    consteval explicit PlainBytes(std::string_view special) {
        for (std::size_t c = 0x20; c < 0x7F; ++c) plain_[c] = special.find(static_cast<char>(c)) == std::string_view::npos;
    }
    [[nodiscard]] bool all_of(std::string_view raw) const {
        return std::ranges::all_of(raw, [this](char c) { return plain_[static_cast<unsigned char>(c)]; });
    }

  private:
    std::array<bool, 256> plain_{};
};
constexpr PlainBytes plain_markup("&<>\"'");
constexpr PlainBytes plain_ascii("");

// `code` in a line that is escaped already: backquotes are not touched by escaping.
void append_with_code(std::string& out, std::string_view line) {
    while (!line.empty()) {
        const std::size_t open = line.find('`');
        const std::size_t close = open == std::string_view::npos ? open : line.find('`', open + 1);
        if (close == std::string_view::npos) break;
        out += line.substr(0, open);
        out += "<code>";
        out += line.substr(open + 1, close - open - 1);
        out += "</code>";
        line.remove_prefix(close + 1);
    }
    out += line;
}

}  // namespace

std::string markup(std::string_view raw) { return plain_markup.all_of(raw) ? std::string(raw) : escaped(text::printable(raw)); }

std::string prose(std::string_view raw) {
    std::string out;
    std::string paragraph;
    const auto finish = [&] {
        if (paragraph.empty()) return;
        out += "<p>";
        append_with_code(out, paragraph);
        out += "</p>";
        paragraph.clear();
    };
    for (const std::string_view line : text::lines(raw)) {
        const std::string_view trimmed = text::trim(line);
        if (trimmed.empty()) {
            finish();
            continue;
        }
        if (!paragraph.empty()) paragraph += ' ';
        paragraph += markup(trimmed);
    }
    finish();
    return out;
}

std::string markdown(std::string_view raw) {
    constexpr std::string_view special = "\\`*_{}[]()#+!|~<>&$";
    std::string out;
    for (const char c : text::printable(raw)) {
        if (c == '<') {
            out += "&lt;";
        } else if (c == '@') {
            out += "@&#8203;";  // a mention would send people mail
        } else if (c == ':') {
            out += "&#58;";  // of "https://", which would become a link
        } else {
            if (special.find(c) != std::string_view::npos) out += '\\';
            out += c;
        }
    }
    return out;
}

std::string markdown_prose(std::string_view raw) {
    const std::string line = one_line(raw);
    std::string_view rest = line;
    std::string out;
    while (!rest.empty()) {
        const std::size_t open = rest.find('`');
        const std::size_t close = open == std::string_view::npos ? open : rest.find('`', open + 1);
        if (close == std::string_view::npos) break;
        out += markdown(rest.substr(0, open)) + "<code>" + markdown(rest.substr(open + 1, close - open - 1)) + "</code>";
        rest.remove_prefix(close + 1);
    }
    return out + markdown(rest);
}

std::string uri_path(std::string_view raw) {
    std::string out;
    for (const char c : raw) {
        const bool plain =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~' || c == '/';
        if (plain) {
            out += c;
        } else {
            out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
        }
    }
    return out;
}

std::string one_line(std::string_view raw) {
    if (!raw.empty() && raw.front() != ' ' && raw.back() != ' ' && plain_ascii.all_of(raw)) return std::string(raw);
    std::string flat(raw);
    for (char& c : flat) {
        if (c == '\n' || c == '\r' || c == '\t') c = ' ';
    }
    std::string safe = text::printable(text::trim(flat));
    return safe.empty() ? "-" : safe;
}

std::string shortened(std::string_view raw, std::size_t bytes_max) {
    if (raw.size() <= bytes_max) return std::string(raw);
    std::size_t end = bytes_max;
    while (end > 0 && (static_cast<unsigned char>(raw[end]) & 0xC0U) == 0x80U) --end;
    return std::string(raw.substr(0, end)) + "...";
}

}  // namespace bulkhead::report
