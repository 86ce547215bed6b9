// SPDX-License-Identifier: Apache-2.0
#include "cli/completion_script.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace bulkhead::cli {

namespace {

using Words = std::vector<std::string>;

std::string shell_word(std::string_view word) {
    std::string out = "'";
    for (const char c : word) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return out + "'";
}

void append(Words& words, const Words& more) { words.insert(words.end(), more.begin(), more.end()); }

Words with_sign(const Words& names) {
    Words out;
    for (const std::string& name : names) out.push_back(name + "=");
    return out;
}

// Words for a place that takes a value; none: a file's name, or free text for which files do no harm.
Words words_for(const OfferedCommand& command, const OfferedOption& option, const KnownNames& names) {
    if (!option.choices.empty()) return option.choices;
    const std::string& name = option.names.front();
    if (name == "--setting") return with_sign(names.settings);
    if (name == "SQL") return names.queries;
    if (name != "ID") return {};
    Words words = names.audited;
    if (command.path == "explain") {
        for (const Words* more : {&names.queries, &names.settings, &names.tables}) append(words, *more);
    }
    return words;
}

// The verbs of `lab` are its own and not in the model.
Words verbs_of(const OfferedCommand& command) {
    if (command.path == "lab") return {"up", "down", "status", "env", "leaky", "hardened", "swarm"};
    return command.subcommands;
}

struct Place {
    std::string path;
    Words commands;  // and words that a positional takes
    Words options;
    Words with_value;
    std::vector<std::pair<std::string, Words>> values;  // by option
};

void take_options(Place& place, const OfferedCommand& command, const KnownNames& names) {
    for (const OfferedOption& option : command.options) {
        append(place.options, option.names);
        if (option.value.empty()) continue;
        append(place.with_value, option.names);
        const Words words = words_for(command, option, names);
        for (const std::string& name : option.names) {
            if (!words.empty()) place.values.emplace_back(name, words);
        }
    }
}

std::vector<Place> places_of(const std::vector<OfferedCommand>& commands, const KnownNames& names) {
    std::vector<Place> places;
    for (const OfferedCommand& command : commands) {
        Place place{.path = command.path, .commands = verbs_of(command), .options = {}, .with_value = {}, .values = {}};
        for (const OfferedOption& positional : command.positionals) append(place.commands, words_for(command, positional, names));
        take_options(place, command, names);
        if (!command.path.empty()) take_options(place, commands.front(), names);
        places.push_back(std::move(place));
    }
    return places;
}

// What bash and zsh share: two functions of plain POSIX shell.
std::string tables_of(const std::vector<Place>& places) {
    std::string at = "_bulkhead_at() {\n    case $1 in\n";
    std::string values = "_bulkhead_values() {\n    case \"$1 $2\" in\n";
    std::string subcommands = "_bulkhead_is_command() {\n    case \"$1\" in\n";
    for (const Place& place : places) {
        at += fmt::format("        {})\n            offered={}\n            options={}\n            with_value={} ;;\n", shell_word(place.path),
                          shell_word(text::join(place.commands, " ")), shell_word(text::join(place.options, " ")),
                          shell_word(fmt::format(" {} ", text::join(place.with_value, " "))));
        if (!place.path.empty()) subcommands += fmt::format("        {}) return 0 ;;\n", shell_word(place.path));
        for (const auto& [option, words] : place.values)
            values += fmt::format("        {}) echo {} ;;\n", shell_word(place.path + " " + option), shell_word(text::join(words, " ")));
    }
    return at + "    esac\n}\n\n" + values + "    esac\n}\n\n" + subcommands + "    esac\n    return 1\n}\n\n";
}

constexpr std::string_view bash_rest = R"(_bulkhead() {
    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} at= offered= options= with_value= word values i
    COMPREPLY=()
    # Bash takes --name=value apart.
    if [ "$cur" = = ]; then cur=; elif [ "$prev" = = ]; then prev=${COMP_WORDS[COMP_CWORD - 2]}; fi
    _bulkhead_at "$at"
    for ((i = 1; i < COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        case $with_value in *" $word "*) i=$((i + 1)); [ "${COMP_WORDS[i]}" = = ] && i=$((i + 1)); continue ;; esac
        if _bulkhead_is_command "${at:+$at }$word"; then at="${at:+$at }$word"; _bulkhead_at "$at"; fi
    done
    case $with_value in
        *" $prev "*)
            values=$(_bulkhead_values "$at" "$prev")
            if [ -z "$values" ]; then compopt -o default; else mapfile -t COMPREPLY < <(compgen -W "$values" -- "$cur"); fi
            case ${COMPREPLY[0]-} in *=) compopt -o nospace ;; esac
            return ;;
    esac
    case $cur in -*) offered=$options ;; esac
    mapfile -t COMPREPLY < <(compgen -W "$offered" -- "$cur")
    [ ${#COMPREPLY[@]} -gt 0 ] || compopt -o default
}

complete -F _bulkhead bulkhead
)";

constexpr std::string_view zsh_rest = R"(_bulkhead() {
    local at= offered= options= with_value= word values
    local cur=${words[CURRENT]} prev=${words[CURRENT - 1]}
    integer i
    _bulkhead_at "$at"
    for ((i = 2; i < CURRENT; i++)); do
        word=${words[i]}
        if [[ $with_value == *" $word "* ]]; then i=$((i + 1)); continue; fi
        if _bulkhead_is_command "${at:+$at }$word"; then at="${at:+$at }$word"; _bulkhead_at "$at"; fi
    done
    if [[ $cur == --*=* ]]; then
        prev=${cur%%=*}
        compset -P '*='
    fi
    if [[ $with_value == *" $prev "* ]]; then
        values=$(_bulkhead_values "$at" "$prev")
        if [[ -z $values ]]; then _files; elif [[ $values == *= ]]; then compadd -S '' -- ${=values}; else compadd -- ${=values}; fi
        return
    fi
    if [[ $cur == -* ]]; then offered=$options; fi
    compadd -- ${=offered} || _files
}

# Sourced, or loaded by zsh at the first completion, which then is still to be made.
if [ "${funcstack[1]}" = _bulkhead ]; then _bulkhead "$@"; else compdef _bulkhead bulkhead; fi
)";

// Where a command stands on the line, as fish asks it.
std::string fish_condition(const std::string& path) {
    if (path.empty()) return "__fish_use_subcommand";
    std::string out;
    for (const std::string_view word : text::words(path)) out += (out.empty() ? "" : "; and ") + ("__fish_seen_subcommand_from " + std::string(word));
    return out;
}

std::string fish_option(const OfferedCommand& command, const OfferedOption& option, const KnownNames& names) {
    std::string line = "complete -c bulkhead";
    if (!command.path.empty()) line += " -n " + shell_word(fish_condition(command.path));
    for (const std::string& name : option.names) line += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
    const Words words = words_for(command, option, names);
    if (!option.value.empty()) line += words.empty() ? " -r" : " -x -a " + shell_word(text::join(words, " "));
    return line + " -d " + shell_word(option.help) + "\n";
}

std::string fish_script(const std::vector<OfferedCommand>& commands, const KnownNames& names) {
    std::string out;
    for (const OfferedCommand& command : commands) {
        for (const OfferedCommand& below : commands) {
            const std::size_t blank = below.path.rfind(' ');
            const std::string parent = blank == std::string::npos ? "" : below.path.substr(0, blank);
            if (below.path.empty() || parent != command.path) continue;
            out += fmt::format("complete -c bulkhead -n {} -f -a {} -d {}\n", shell_word(fish_condition(command.path)),
                               shell_word(blank == std::string::npos ? below.path : below.path.substr(blank + 1)), shell_word(below.help));
        }
        if (command.path == "lab")
            out += fmt::format("complete -c bulkhead -n {} -f -a {}\n", shell_word(fish_condition("lab")), shell_word(text::join(verbs_of(command), " ")));
        for (const OfferedOption& positional : command.positionals) {
            const Words words = words_for(command, positional, names);
            if (!words.empty())
                out += fmt::format("complete -c bulkhead -n {} -f -a {}\n", shell_word(fish_condition(command.path)), shell_word(text::join(words, " ")));
        }
        for (const OfferedOption& option : command.options) out += fish_option(command, option, names);
    }
    return out;
}

}  // namespace

std::string completion_script(std::string_view shell, const std::vector<OfferedCommand>& commands, const KnownNames& names) {
    const std::string head = fmt::format("# Written by: bulkhead completion {}\n", shell);
    if (shell == "fish") return head + fish_script(commands, names);
    const std::string tables = tables_of(places_of(commands, names));
    if (shell == "zsh") return "#compdef bulkhead\n" + head + "\n" + tables + std::string(zsh_rest);
    return "# shellcheck shell=bash disable=SC2034\n" + head + "\n" + tables + std::string(bash_rest);
}

}  // namespace bulkhead::cli
