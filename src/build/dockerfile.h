// SPDX-License-Identifier: Apache-2.0
// A Dockerfile as values: what the builder would read, with line and column of everything. Pure: nothing is read, expanded or run here
// (dockerfile_stages.h expands). The rules are those of BuildKit's front end (https://docs.docker.com/reference/dockerfile/).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "build/position.h"

namespace bulkhead::build {

inline constexpr std::size_t dockerfile_bytes_max = 1UL << 20U;
inline constexpr std::size_t dockerfile_lines_max = 50'000;
inline constexpr std::size_t dockerfile_instructions_max = 10'000;
inline constexpr std::size_t dockerfile_stages_max = 1'000;
inline constexpr std::size_t dockerfile_heredocs_max = 100;  // of one instruction

struct Word {
    std::string text;
    Position at;
};

// --mount=type=cache,target=/x
struct Flag {
    std::string name;   // mount
    std::string value;  // type=cache,target=/x
    Position at;
};

struct Heredoc {
    std::string name;
    std::string content;
    bool expand = true;  // variables in it: the name was not quoted
    bool chomp = false;  // <<- : leading tabs are taken away
    int start_line = 0;  // of the first line of the content
};

struct Instruction {
    std::string keyword;  // lower case: "from"
    Position at;
    int end_line = 0;
    std::vector<Flag> flags;
    PlacedText arguments;     // behind the flags, continued lines joined, comments gone
    std::vector<Word> words;  // arguments split at blanks
    std::vector<Word> args;   // JSON form: its strings. ENV, LABEL, ARG: words with their quotes. Shell form and texts: one. Else: words
    bool json = false;
    std::vector<Heredoc> heredocs;
    std::vector<std::string> comments;  // right before it
    std::vector<Instruction> trigger;   // of ONBUILD: the one instruction
    int stage = -1;                     // -1: before the first FROM

    [[nodiscard]] const Flag* flag(std::string_view name) const;
};

struct Directive {
    std::string name;  // lower case: syntax, escape, check
    std::string value;
    Position at;
};

struct Dockerfile {
    std::vector<Directive> directives;
    char escape = '\\';
    std::vector<Instruction> instructions;
    std::vector<std::string> lines;  // as in the file, without their ends; empty before the first
};

// invalid_input, limit_exceeded: "FILE:LINE:COLUMN: what is wrong, what to do". `file` is only for messages; `first` is where the text stands in it.
Result<Dockerfile> parse_dockerfile(std::string_view bytes, const std::string& file, Position first = {1, 1});

// NAME=VALUE pairs of ENV, LABEL and ARG, quotes kept; `ENV NAME VALUE` is one. Only ARG may have a name alone.
struct Pair {
    Word name;
    std::optional<Word> value;
};
std::vector<Pair> pairs_of(const Instruction& instruction);

}  // namespace bulkhead::build
