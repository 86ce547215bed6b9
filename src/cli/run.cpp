// SPDX-License-Identifier: Apache-2.0
#include "cli/run.h"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <clocale>
#include <iostream>
#include <set>

#include "base/text.h"
#include "base/version.h"
#include "cli/command.h"
#include "cli/command_line.h"
#include "cli/interrupt.h"
#include "cli/suggest.h"
#include "cli/terminal.h"
#include "sql/memory.h"

namespace bulkhead::cli {

namespace {

void add_global_options(CLI::App& root, GlobalOptions& options) {
    root.add_option("--host", options.host, "engine to ask: unix:///path or tcp://host:port (else DOCKER_HOST, docker's context, /var/run/docker.sock)");
    root.add_option("--from", options.from, "read this snapshot in place of the live host");
    root.add_option("--image", options.image, "read this archive of images (docker save, OCI) or OCI layout folder in place of the live host");
    root.add_flag("--no-image-content", options.no_image_content, "do not look into images: what rests on their content is unknown");
    root.add_option("--history", options.history, "folder of the history that bulkhead serve keeps (else /var/lib/bulkhead)");
    root.add_option("--controls", options.control_dirs, "folder with more controls and queries (may be repeated)")->allow_extra_args(false);
    root.add_option("--trust", options.trust, "file that says whose signatures count for which images (docs/signatures.md)");
    root.add_option("--attestations", options.attestations, "YAML file of what people attest (may be repeated; bulkhead attest template)")
        ->allow_extra_args(false);
    root.add_flag("--no-color", options.no_color, "no colours, as with NO_COLOR set");
    root.set_version_flag("--version", std::string("bulkhead ") + bulkhead::version, "print the version");
}

// The first word that is no option, nor the value of one; it should have been a command.
std::string command_word(int argc, char** argv) {
    static const std::set<std::string_view> with_value = {"--host", "--from", "--controls", "--trust", "--attestations", "--image", "--history"};
    for (int i = 1; i < argc; ++i) {
        const std::string_view word = argv[i];
        if (with_value.contains(word)) {
            ++i;
        } else if (!word.starts_with('-')) {
            return std::string(word);
        }
    }
    return {};
}

CLI::App& innermost(CLI::App& app) {
    const std::vector<CLI::App*> chosen = app.get_subcommands();
    return chosen.empty() ? app : innermost(*chosen.front());
}

std::vector<std::string> option_names(const CLI::App& root, const CLI::App& chosen) {
    std::vector<std::string> names;
    for (const CLI::App* app : {&root, &chosen}) {
        for (const CLI::Option* option : app->get_options()) {
            for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
        }
    }
    return names;
}

// What is wrong with the command line, in one sentence that says what would be right.
std::string usage_error(CLI::App& root, const CLI::ParseError& error, const std::string& word, const std::vector<std::string>& commands) {
    if (root.get_subcommands().empty()) {
        if (!word.empty() && std::ranges::find(commands, word) == commands.end()) {
            return fmt::format("unknown command \"{}\"{} (commands: {})", word, did_you_mean(word, commands), text::join(commands, ", "));
        }
    }
    CLI::App& chosen = innermost(root);
    const std::string hint =
        fmt::format(" (bulkhead{}{} --help)", chosen.get_parent() == nullptr ? "" : " ", chosen.get_parent() == nullptr ? "" : chosen.get_name());
    if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr) {
        const std::vector<std::string> extras = root.remaining(true);
        const std::string first = extras.empty() ? "" : extras.front();
        const std::string name = first.substr(0, first.find('='));
        if (name.starts_with("-")) return fmt::format("unknown option {}{}{}", name, did_you_mean(name, option_names(root, chosen)), hint);
        return fmt::format("\"{}\" is one word too many{}", first, hint);
    }
    std::string message = error.what();
    std::ranges::replace(message, '\n', ' ');
    return message + hint;
}

}  // namespace

void make_command_line(CLI::App& root, Context& context) {
    root.fallthrough();  // global options may stand after the command
    root.require_subcommand(1);
    add_global_options(root, context.options);
    for (const Command& command : catalog()) command.add(root, context);
    root.footer("Examples:\n  bulkhead audit\n  bulkhead query \"select name, driver from docker_network\"\n  bulkhead COMMAND --help");
}

int run(int argc, char** argv) {
    std::setlocale(LC_CTYPE, "");
    handle_interrupts();
    sql::count_memory_without_lock();
    Context context;
    CLI::App root(what_it_is, "bulkhead");
    make_command_line(root, context);
    std::vector<std::string> commands;
    for (const CLI::App* command : root.get_subcommands({})) commands.push_back(command->get_name());
    try {
        root.parse(argc, argv);
    } catch (const CLI::Success& wanted) {  // --help, --version
        return root.exit(wanted, std::cout, std::cerr);
    } catch (const CLI::ParseError& error) {
        if (argc <= 1) {
            std::cerr << root.help();
            return exit_error;
        }
        complain(usage_error(root, error, command_word(argc, argv), commands));
        return exit_error;
    }
    return context.action ? context.action() : exit_error;
}

}  // namespace bulkhead::cli
