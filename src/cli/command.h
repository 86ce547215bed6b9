// SPDX-License-Identifier: Apache-2.0
// What a command is: something that adds itself to the command line. One command = one file in src/cli/ named as the command, which
// defines `Command <name>()` in namespace bulkhead::cli; the catalog of all of them is generated from the folder.
#pragma once

#include <CLI/App.hpp>
#include <functional>
#include <string>
#include <vector>

namespace bulkhead::cli {

inline constexpr int exit_good = 0;
inline constexpr int exit_alarm = 1;
inline constexpr int exit_error = 2;
inline constexpr int exit_interrupted = 130;  // 128 + SIGINT, as shells say it

// What is the same for all commands.
struct GlobalOptions {
    std::string host;                       // --host: unix:///path, tcp://host:port; empty: as docker itself would choose
    std::string from;                       // --from: a snapshot in place of the live host
    std::string image;                      // --image: an archive of images or an OCI layout in place of the live host
    bool no_image_content = false;          // --no-image-content
    std::string history;                    // --history: folder of the history; empty: where bulkhead serve keeps it
    std::vector<std::string> control_dirs;  // --controls
    std::string trust;                      // --trust: whose signatures count
    std::vector<std::string> attestations;  // --attestations: files
    bool no_color = false;
};

struct Context {
    GlobalOptions options;
    // The command that was asked for; set while parsing, run after all of the line proved right.
    std::function<int()> action;
};

struct Command {
    std::string name;
    std::function<void(CLI::App& root, Context& context)> add;
};

std::vector<Command> catalog();  // ordered by name

}  // namespace bulkhead::cli
