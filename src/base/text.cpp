// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace bulkhead::text {

namespace {

// How many bytes at the beginning show as they are.
std::size_t visible_ascii(std::string_view text) {
    return static_cast<std::size_t>(std::ranges::find_if(text, [](char c) { return c < 0x20 || c >= 0x7F; }) - text.begin());
}

struct CodePoint {
    char32_t value = 0;
    std::size_t bytes = 0;  // 0: not UTF-8 here
};

// One code point at the start of the text, by RFC 3629 (no overlong forms, no surrogates, up to U+10FFFF).
CodePoint decode(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char first = byte(0);
    if (first < 0x80) return {first, 1};
    const std::size_t need = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || text.size() < need) return {};
    char32_t value = first & (0xFFU >> (need + 1));
    for (std::size_t i = 1; i < need; ++i) {
        if ((byte(i) & 0xC0U) != 0x80) return {};
        value = (value << 6U) | (byte(i) & 0x3FU);
    }
    constexpr char32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    if (value < smallest[need] || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) return {};
    return {value, need};
}

// Wide by Unicode's East Asian Width (W, F) and emoji blocks, to the grain a table of results needs.
bool is_wide(char32_t c) {
    return (c >= 0x1100 && c <= 0x115F) || (c >= 0x2E80 && c <= 0xA4CF) || (c >= 0xAC00 && c <= 0xD7A3) || (c >= 0xF900 && c <= 0xFAFF) ||
           (c >= 0xFE30 && c <= 0xFE6F) || (c >= 0xFF00 && c <= 0xFF60) || (c >= 0xFFE0 && c <= 0xFFE6) || (c >= 0x1F300 && c <= 0x1F64F) ||
           (c >= 0x1F900 && c <= 0x1F9FF) || (c >= 0x20000 && c <= 0x3FFFD);
}

bool is_zero_width(char32_t c) { return (c >= 0x300 && c <= 0x36F) || (c >= 0x200B && c <= 0x200F) || c == 0xFEFF; }

// Bidirectional overrides can make a terminal show other text than is there (CVE-2021-42574).
bool is_bidi_control(char32_t c) { return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069); }

}  // namespace

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    for (;;) {
        const std::size_t at = text.find(separator);
        parts.push_back(text.substr(0, at));
        if (at == std::string_view::npos) return parts;
        text.remove_prefix(at + 1);
    }
}

std::vector<std::string_view> words(std::string_view text) {
    std::vector<std::string_view> parts;
    while (true) {
        const std::size_t start = text.find_first_not_of(" \t");
        if (start == std::string_view::npos) return parts;
        text.remove_prefix(start);
        const std::size_t end = text.find_first_of(" \t");
        parts.push_back(text.substr(0, end));
        if (end == std::string_view::npos) return parts;
        text.remove_prefix(end);
    }
}

std::vector<std::string_view> lines(std::string_view text) {
    std::vector<std::string_view> parts;
    while (!text.empty()) {
        const std::size_t at = text.find('\n');
        parts.push_back(text.substr(0, at));
        if (at == std::string_view::npos) break;
        text.remove_prefix(at + 1);
    }
    return parts;
}

std::string_view trim(std::string_view text) {
    const std::size_t start = text.find_first_not_of(" \t\r\n");
    if (start == std::string_view::npos) return {};
    return text.substr(start, text.find_last_not_of(" \t\r\n") - start + 1);
}

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return out;
}

std::string join(const std::vector<std::string>& parts, std::string_view separator) { return fmt::format("{}", fmt::join(parts, separator)); }

std::optional<std::int64_t> to_integer(std::string_view text, int base) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    if (error != std::errc{} || end != text.data() + text.size() || text.empty()) return std::nullopt;
    return value;
}

std::string printable(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        // Nearly all of what is shown is ASCII.
        const std::size_t plain = visible_ascii(text);
        out += text.substr(0, plain);
        text.remove_prefix(plain);
        if (text.empty()) break;
        const CodePoint point = decode(text);
        const std::size_t taken = point.bytes == 0 ? 1 : point.bytes;
        const bool control = point.bytes == 0 || point.value < 0x20 || (point.value >= 0x7F && point.value < 0xA0) || is_bidi_control(point.value);
        for (std::size_t i = 0; i < taken; ++i) {
            if (control) {
                out += fmt::format("\\x{:02x}", static_cast<unsigned char>(text[i]));
            } else {
                out += text[i];
            }
        }
        text.remove_prefix(taken);
    }
    return out;
}

bool is_utf8(std::string_view text) {
    while (!text.empty()) {
        // Nearly all of what is read is ASCII.
        const auto* other = std::ranges::find_if(text, [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
        text.remove_prefix(static_cast<std::size_t>(other - text.begin()));
        if (text.empty()) return true;
        const std::size_t bytes = decode(text).bytes;
        if (bytes == 0) return false;
        text.remove_prefix(bytes);
    }
    return true;
}

std::size_t display_width(std::string_view text) {
    std::size_t width = 0;
    while (!text.empty()) {
        const std::size_t plain = visible_ascii(text);
        width += plain;
        text.remove_prefix(plain);
        if (text.empty()) break;
        const CodePoint point = decode(text);
        width += point.bytes == 0 ? 1 : is_zero_width(point.value) ? 0 : is_wide(point.value) ? 2 : 1;
        text.remove_prefix(point.bytes == 0 ? 1 : point.bytes);
    }
    return width;
}

}  // namespace bulkhead::text
