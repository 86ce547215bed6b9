// SPDX-License-Identifier: Apache-2.0
// Small pure functions over text. Views in, values out. Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bulkhead::text {

std::vector<std::string_view> split(std::string_view text, char separator);  // "a,,b" -> a, "", b; "" -> one empty part
std::vector<std::string_view> words(std::string_view text);                  // split on runs of blanks and tabs, no empty parts
std::vector<std::string_view> lines(std::string_view text);                  // without the line ends; no empty last line
std::string_view trim(std::string_view text);
std::string lower(std::string_view text);
std::string join(const std::vector<std::string>& parts, std::string_view separator);
std::optional<std::int64_t> to_integer(std::string_view text, int base = 10);  // whole text or nothing

// Text that came from outside, safe to show on a terminal: control bytes and broken UTF-8 become \xNN.
std::string printable(std::string_view text);
bool is_utf8(std::string_view text);
// Columns the text takes on a terminal (wcwidth rules for wide characters); broken bytes count one each.
std::size_t display_width(std::string_view text);

}  // namespace bulkhead::text
