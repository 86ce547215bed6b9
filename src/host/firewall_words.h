// SPDX-License-Identifier: Apache-2.0
// Lines and words of iptables-save as iptables-restore takes them: add_param_to_argv() of iptables' xshared.c. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace bulkhead::host {

struct SaveWord {
    std::string text;
    bool quoted = false;
};

// Cuts the next line off `rest`. A quoted value may hold a line end (iptables takes one in a comment), so an open quote of a rule
// goes on to the next line.
std::string_view next_save_line(std::string_view& rest);

// Splits at blanks; double quotes group, and a backslash inside them escapes one character. corrupt: a quote is not closed.
Result<std::vector<SaveWord>> split_save_words(std::string_view line);

// "[12:345]"
bool read_save_counters(std::string_view text, std::optional<std::int64_t>& packets, std::optional<std::int64_t>& bytes);

}  // namespace bulkhead::host
