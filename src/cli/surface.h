// SPDX-License-Identifier: Apache-2.0
// What the command line offers, read from CLI11's own model of it: what completions, man pages and their tests are made of. Pure.
#pragma once

#include <CLI/App.hpp>
#include <string>
#include <vector>

namespace bulkhead::cli {

struct OfferedOption {
    std::vector<std::string> names;  // "--host", "-h"; of a positional its one name, "ID"
    std::string value;               // what stands for its value: TEXT, INT; empty: a switch
    std::vector<std::string> choices;
    std::string default_value;
    std::string help;
    bool repeats = false;
    bool required = false;
};

struct OfferedCommand {
    std::string path;  // "" for the program itself, "audit", "snapshot save"
    std::string help;
    std::string footer;
    std::vector<OfferedOption> options;  // those of its own; the program's stand after every command too
    std::vector<OfferedOption> positionals;
    std::vector<std::string> subcommands;
};

// The program first, then every command, each before its own commands.
std::vector<OfferedCommand> offered(const CLI::App& root);

}  // namespace bulkhead::cli
