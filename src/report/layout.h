// SPDX-License-Identifier: Apache-2.0
// Text in columns of a terminal. All of it counts display columns, never bytes, and takes text that text::printable made safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace bulkhead::report {

// Lines of at most `width` columns, broken at blanks; a word longer than a line is cut. At least one line. width 0 counts as 1.
std::vector<std::string> wrap(std::string_view text, std::size_t width);
// The text, cut to the width with an ellipsis where it is longer.
std::string cut(std::string_view text, std::size_t width, std::string_view ellipsis);
// The text with blanks up to the width; longer text stays as it is.
std::string pad(std::string_view text, std::size_t width);
std::string repeat(std::string_view piece, std::size_t times);

}  // namespace bulkhead::report
