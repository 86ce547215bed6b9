// SPDX-License-Identifier: Apache-2.0
#include "cli/surface.h"

#include <algorithm>

#include "base/text.h"

namespace bulkhead::cli {

namespace {

// CLI11 writes a closed list of values into the name of the type: "TEXT:{csv,json}".
std::vector<std::string> choices_of(const std::string& type) {
    const std::size_t open = type.find('{');
    const std::size_t close = type.rfind('}');
    std::vector<std::string> choices;
    if (open == std::string::npos || close == std::string::npos || close < open) return choices;
    for (const std::string_view word : text::split(std::string_view(type).substr(open + 1, close - open - 1), ',')) choices.emplace_back(text::trim(word));
    return choices;
}

OfferedOption option_of(const CLI::Option& option) {
    OfferedOption offered;
    if (option.get_positional()) {
        offered.names.push_back(option.get_name(true, false));
    } else {
        for (const std::string& name : option.get_lnames()) offered.names.push_back("--" + name);
        for (const std::string& name : option.get_snames()) offered.names.push_back("-" + name);
    }
    if (option.get_items_expected_max() > 0) {
        const std::string type = option.get_type_name();
        offered.value = type.substr(0, type.find(':'));
        offered.choices = choices_of(type);
        offered.default_value = option.get_default_str();
        offered.repeats = option.get_items_expected_max() > 1;
    }
    offered.help = option.get_description();
    offered.required = option.get_required();
    return offered;
}

void add(std::vector<OfferedCommand>& all, const CLI::App& app, const std::string& path) {
    OfferedCommand command{.path = path, .help = app.get_description(), .footer = app.get_footer(), .options = {}, .positionals = {}, .subcommands = {}};
    for (const CLI::Option* option : app.get_options()) (option->get_positional() ? command.positionals : command.options).push_back(option_of(*option));
    const std::vector<const CLI::App*> below =
        app.get_subcommands([](const CLI::App* child) { return !child->get_name().empty() && !child->get_group().empty(); });
    for (const CLI::App* child : below) command.subcommands.push_back(child->get_name());
    all.push_back(std::move(command));
    for (const CLI::App* child : below) add(all, *child, path.empty() ? child->get_name() : path + " " + child->get_name());
}

}  // namespace

std::vector<OfferedCommand> offered(const CLI::App& root) {
    std::vector<OfferedCommand> all;
    add(all, root, "");
    return all;
}

}  // namespace bulkhead::cli
