// SPDX-License-Identifier: Apache-2.0
// Quotes, escapes and variables of one word, as the builder resolves them (not a shell: there are no commands in it):
// $x ${x} ${x:-word} ${x-word} ${x:+word} ${x+word} ${x:?word} ${x?word} ${x#pattern} ${x##pattern} ${x%pattern} ${x%%pattern}
// ${x/pattern/text} ${x//pattern/text}. Pure.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace bulkhead::build {

inline constexpr std::size_t expanded_bytes_max = 65'536;  // a=$b$b, b=$c$c, ... grows without end
inline constexpr int expansion_depth_max = 20;

struct Expanded {
    std::string text;
    bool known = true;  // every variable that counted had a value or a default
};

using Lookup = std::function<std::optional<Expanded>(std::string_view name)>;

// invalid_input: what is wrong with it; limit_exceeded.
Result<Expanded> expand_word(std::string_view word, char escape, const Lookup& lookup);

// Shell patterns with * and ?, over the whole text.
bool matches_pattern(std::string_view pattern, std::string_view text);

}  // namespace bulkhead::build
