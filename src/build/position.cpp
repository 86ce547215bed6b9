// SPDX-License-Identifier: Apache-2.0
#include "build/position.h"

#include <fmt/format.h>

#include <iterator>

namespace bulkhead::build {

std::string text_of(const std::string& file, Position at) { return fmt::format("{}:{}:{}", file, at.line, at.column); }

std::unexpected<Error> fail_at(const std::string& file, Position at, const std::string& message, Code code) {
    return fail(code, text_of(file, at) + ": " + message);
}

void PlacedText::add(std::string_view part, Position at) {
    pieces_.push_back({text_.size(), at});
    text_ += part;
}

Position PlacedText::at(std::size_t offset) const {
    if (pieces_.empty()) return {};
    const auto after = std::ranges::upper_bound(pieces_, offset, {}, &Piece::start);
    const Piece& piece = after == pieces_.begin() ? pieces_.front() : *std::prev(after);
    return {piece.at.line, piece.at.column + static_cast<int>(std::min(offset, text_.size()) - piece.start)};
}

PlacedText PlacedText::part(std::size_t offset, std::size_t count) const {
    PlacedText out;
    offset = std::min(offset, text_.size());
    const std::size_t end = count > text_.size() - offset ? text_.size() : offset + count;
    if (offset == end) {
        out.add({}, at(offset));
        return out;
    }
    for (std::size_t i = 0; i < pieces_.size(); ++i) {
        const std::size_t from = std::max(pieces_[i].start, offset);
        const std::size_t to = std::min(i + 1 < pieces_.size() ? pieces_[i + 1].start : text_.size(), end);
        if (from < to) out.add(std::string_view(text_).substr(from, to - from), at(from));
    }
    return out;
}

}  // namespace bulkhead::build
