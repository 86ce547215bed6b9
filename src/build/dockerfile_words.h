// SPDX-License-Identifier: Apache-2.0
// The words of one instruction: flags, JSON lists, words with quotes, heredoc marks. Called by dockerfile.cpp only.
#pragma once

#include <optional>
#include <vector>

#include "build/dockerfile.h"

namespace bulkhead::build {

inline constexpr std::string_view blanks = " \t\v\f\r";

std::vector<Word> split_blanks(const PlacedText& text);                   // quotes mean nothing
std::vector<Word> split_quoted(const PlacedText& text, char escape);      // blanks in quotes do not split; the quotes stay
std::optional<std::vector<Word>> split_json(const PlacedText& text);      // a JSON list of strings; nothing: it is none
PlacedText take_flags(const PlacedText& text, std::vector<Flag>& flags);  // leading --flags; the rest is returned
std::optional<Heredoc> heredoc_mark(std::string_view word);               // <<EOF, 3<<-"EOF"

}  // namespace bulkhead::build
