// SPDX-License-Identifier: Apache-2.0
// Man pages in scdoc's format (scdoc(5)): one of the program, one of each command with those below it.
#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "base/text.h"
#include "cli/documents.h"

namespace bulkhead::cli {

namespace {

// scdoc's marks, taken as they stand.
std::string plain(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (std::string_view("\\*_#[]|`<>~").find(c) != std::string_view::npos) out += '\\';
        out += c;
    }
    return out;
}

std::string value_of(const OfferedOption& option) {
    if (option.value.empty()) return "";
    const std::string value = fmt::format("_{}_", plain(option.choices.empty() ? option.value : text::join(option.choices, "|")));
    return fmt::format(" {}{}", value, option.repeats ? "..." : "");
}

void add_option(std::string& out, const OfferedOption& option, bool positional) {
    std::vector<std::string> names;
    for (const std::string& name : option.names) names.push_back(positional ? fmt::format("_{}_", plain(name)) : fmt::format("*{}*", plain(name)));
    std::string help = option.help;
    if (!option.default_value.empty()) help += fmt::format(" (default {})", option.default_value);
    const std::string value = positional ? std::string(option.repeats ? "..." : "") : value_of(option);
    out += fmt::format("{}{}\n\t{}\n\n", text::join(names, ", "), value, plain(help));
}

std::string synopsis_of(const OfferedCommand& command) {
    std::string line = fmt::format("*bulkhead{}{}* [_OPTIONS_]", command.path.empty() ? "" : " ", plain(command.path));
    if (!command.subcommands.empty()) line += " _COMMAND_";
    for (const OfferedOption& positional : command.positionals) {
        const std::string name = fmt::format("_{}_{}", plain(positional.names.front()), positional.repeats ? "..." : "");
        line += positional.required ? fmt::format(" {}", name) : fmt::format(" [{}]", name);
    }
    return line;
}

void add_footer(std::string& out, const std::string& footer) {
    if (text::trim(footer).empty()) return;
    constexpr std::string_view heading = "Examples:\n";
    const std::size_t at = footer.find(heading);
    const std::string before(text::trim(std::string_view(footer).substr(0, at)));
    if (!before.empty()) out += fmt::format("```\n{}\n```\n\n", before);
    if (at == std::string::npos) return;
    out += "# EXAMPLES\n\n```\n" + footer.substr(at + heading.size());
    if (!out.ends_with('\n')) out += '\n';
    out += "```\n\n";
}

// What a command's page has of the command itself or of one below it.
void add_body(std::string& out, const OfferedCommand& command, std::string_view heading) {
    if (!command.positionals.empty() || !command.options.empty()) {
        out += fmt::format("{}\n\n", heading);
        for (const OfferedOption& positional : command.positionals) add_option(out, positional, true);
        for (const OfferedOption& option : command.options) add_option(out, option, false);
    }
}

std::string head_of(const std::string& name, const std::string& help) {
    return fmt::format("{}(1) \"\" \"bulkhead\"\n\n; Written by tools/make_docs; do not edit.\n\n# NAME\n\n{} - {}\n\n", name, name, plain(help));
}

constexpr std::string_view exit_status =
    "# EXIT STATUS\n\n*0*\n\tdone, and nothing alarming\n\n*1*\n\tan alarm, or what *--fail-on* names\n\n*2*\n\tan error, or a wrong command line\n\n"
    "*130*\n\tinterrupted\n\n";

constexpr std::string_view environment =
    "# ENVIRONMENT\n\n*DOCKER\\_HOST*, *DOCKER\\_CONTEXT*, *DOCKER\\_CONFIG*, *DOCKER\\_TLS\\_VERIFY*, *DOCKER\\_CERT\\_PATH*\n"
    "\tthe engine, as docker itself finds it; *--host* goes before them\n\n*NO\\_COLOR*\n\tno colours\n\n"
    "*XDG\\_CACHE\\_HOME*\n\twhere what was found in images is kept (_bulkhead_ below it); for root else _/var/cache/bulkhead_\n\n";

std::string program_page(const std::vector<OfferedCommand>& commands) {
    const OfferedCommand& program = commands.front();
    std::string out = head_of("bulkhead", program.help);
    out += "# SYNOPSIS\n\n" + synopsis_of(program) + "\n\n# DESCRIPTION\n\n";
    out +=
        "bulkhead reads what Docker's engine, the kernel and build files say about containers, turns it into SQL tables and judges them by controls. "
        "It changes nothing and runs nothing inside a container. What could not be read is unknown, and never ok.\n\n";
    out += "The options below stand before or after every command.\n\n";
    add_body(out, program, "# OPTIONS");
    out += "# COMMANDS\n\n";
    std::string see_also;
    for (const OfferedCommand& command : commands) {
        if (command.path.empty() || command.path.find(' ') != std::string::npos) continue;
        out += fmt::format("*bulkhead-{}*(1)\n\t{}\n\n", plain(command.path), plain(command.help));
        see_also += fmt::format("{}*bulkhead-{}*(1)", see_also.empty() ? "" : ", ", plain(command.path));
    }
    add_footer(out, program.footer);
    return out + std::string(exit_status) + std::string(environment) + "# SEE ALSO\n\n" + see_also + ", *docker*(1), *sqlite3*(1)\n";
}

std::string command_page(const OfferedCommand& command, const std::vector<OfferedCommand>& commands) {
    std::string out = head_of("bulkhead-" + command.path, command.help);
    out += "# SYNOPSIS\n\n" + synopsis_of(command) + "\n\n";
    for (const OfferedCommand& below : commands) {
        if (below.path.starts_with(command.path + " ")) out += synopsis_of(below) + "\n\n";
    }
    out += "# DESCRIPTION\n\n" + plain(command.help) + ".\n\n";
    add_body(out, command, "# OPTIONS");
    for (const OfferedCommand& below : commands) {
        if (!below.path.starts_with(command.path + " ")) continue;
        std::string title = "bulkhead " + below.path;
        std::ranges::transform(title, title.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
        out += fmt::format("# {}\n\n{}.\n\n", plain(title), plain(below.help));
        add_body(out, below, "## Options");
    }
    add_footer(out, command.footer);
    return out + std::string(exit_status) + "# SEE ALSO\n\n*bulkhead*(1), for the options that every command takes and the environment\n";
}

}  // namespace

std::map<std::string, std::string> man_pages(const std::vector<OfferedCommand>& commands) {
    std::map<std::string, std::string> pages;
    pages["docs/man/bulkhead.1.scd"] = program_page(commands);
    for (const OfferedCommand& command : commands) {
        if (command.path.empty() || command.path.find(' ') != std::string::npos) continue;
        pages["docs/man/bulkhead-" + command.path + ".1.scd"] = command_page(command, commands);
    }
    return pages;
}

}  // namespace bulkhead::cli
