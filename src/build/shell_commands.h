// SPDX-License-Identifier: Apache-2.0
// The simple commands in a shell text: what RUN runs, so that a rule about apt-get does not fire on `echo apt-get`. Not a shell: quotes,
// comments, lists, pipes, grouping and substitutions are told apart, nothing is expanded or run. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace bulkhead::build {

inline constexpr std::size_t shell_commands_max = 10'000;  // of one text; the rest is not told, and the last says so
inline constexpr int shell_depth_max = 20;

struct ShellCommand {
    std::string name;                // without its folder: curl
    std::vector<std::string> words;  // behind the name, without quotes
    std::size_t offset = 0;          // of the name in the text
    std::size_t pipeline = 0;        // commands that are joined by | have one number
    bool reads_pipe = false;         // its input is another command
    bool literal = true;             // the name has no variable in it
};

struct ShellCommands {
    std::vector<ShellCommand> commands;
    bool complete = true;  // false: a bound was hit
};

ShellCommands split_commands(std::string_view text);

}  // namespace bulkhead::build
