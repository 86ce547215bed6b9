// SPDX-License-Identifier: Apache-2.0
// Where something stands in a build file, and text that is put together from several lines but still knows where each byte stood.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace bulkhead::build {

// Both from 1; columns count bytes. 0 is nowhere.
struct Position {
    int line = 0;
    int column = 0;

    bool operator==(const Position&) const = default;
};

// "FILE:LINE:COLUMN", as compilers say it.
std::string text_of(const std::string& file, Position at);
std::unexpected<Error> fail_at(const std::string& file, Position at, const std::string& message, Code code = Code::invalid_input);

class PlacedText {
  public:
    PlacedText() = default;
    PlacedText(std::string text, Position at) { add(text, at); }

    void add(std::string_view part, Position at);
    [[nodiscard]] const std::string& text() const { return text_; }
    // Of the byte at this offset; past the end: behind the last.
    [[nodiscard]] Position at(std::size_t offset) const;
    [[nodiscard]] PlacedText part(std::size_t offset, std::size_t count = std::string::npos) const;

  private:
    struct Piece {
        std::size_t start = 0;
        Position at;
    };
    std::string text_;
    std::vector<Piece> pieces_;  // by start
};

}  // namespace bulkhead::build
