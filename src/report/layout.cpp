// SPDX-License-Identifier: Apache-2.0
#include "report/layout.h"

#include <algorithm>

#include "base/text.h"

namespace bulkhead::report {

namespace {

// Bytes of the longest start of the text that takes at most `width` columns; never splits a code point.
std::size_t bytes_within(std::string_view text, std::size_t width) {
    std::size_t at = 0;
    std::size_t used = 0;
    while (at < text.size()) {
        std::size_t end = at + 1;
        while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80) ++end;
        const std::size_t columns = text::display_width(text.substr(at, end - at));
        if (used + columns > width) break;
        used += columns;
        at = end;
    }
    return at;
}

}  // namespace

std::vector<std::string> wrap(std::string_view text, std::size_t width) {
    width = std::max<std::size_t>(width, 1);
    std::vector<std::string> lines;
    std::string line;
    std::size_t used = 0;
    for (std::string_view word : text::words(text)) {
        std::size_t columns = text::display_width(word);
        if (used > 0 && used + 1 + columns <= width) {
            line.append(" ").append(word);
            used += 1 + columns;
            continue;
        }
        if (used > 0) lines.push_back(std::move(line));
        while (columns > width) {
            const std::size_t bytes = std::max<std::size_t>(bytes_within(word, width), 1);
            lines.emplace_back(word.substr(0, bytes));
            word.remove_prefix(bytes);
            columns = text::display_width(word);
        }
        line = word;
        used = columns;
    }
    if (used > 0 || lines.empty()) lines.push_back(std::move(line));
    return lines;
}

std::string cut(std::string_view text, std::size_t width, std::string_view ellipsis) {
    if (text::display_width(text) <= width) return std::string(text);
    const std::size_t reserved = std::min(width, text::display_width(ellipsis));
    std::string out(text.substr(0, bytes_within(text, width - reserved)));
    return out.append(ellipsis.substr(0, bytes_within(ellipsis, reserved)));
}

std::string pad(std::string_view text, std::size_t width) {
    std::string out(text);
    const std::size_t columns = text::display_width(text);
    if (columns < width) out.append(width - columns, ' ');
    return out;
}

std::string repeat(std::string_view piece, std::size_t times) {
    std::string out;
    out.reserve(piece.size() * times);
    for (std::size_t i = 0; i < times; ++i) out += piece;
    return out;
}

}  // namespace bulkhead::report
