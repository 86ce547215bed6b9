// SPDX-License-Identifier: Apache-2.0
#include "extension/options.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"

namespace bulkhead::extension {

namespace {

bool names_a_world(const std::string& name) { return name == "host" || name == "from" || name == "image"; }

Result<bool> switch_of(const std::string& name, const std::string& value) {
    if (value == "1") return true;
    if (value == "0") return false;
    return fail(Code::invalid_input, fmt::format("{} is 1 or 0, not \"{}\"", name, text::printable(value)));
}

Result<void> set(Options& options, const std::string& name, const std::string& value) {
    if (name == "host") {
        options.host = value;
    } else if (name == "from") {
        options.from = value;
    } else if (name == "image") {
        options.image = value;
    } else if (name == "dialect") {
        options.dialect = value;
    } else if (name == "partial" || name == "values") {
        const auto on = switch_of(name, value);
        if (!on) return std::unexpected(on.error());
        (name == "partial" ? options.partial : options.show_values) = *on;
    } else {
        return fail(Code::invalid_input, fmt::format("bulkhead_open knows host, from, image, dialect, partial and values, not \"{}\"", text::printable(name)));
    }
    return {};
}

Result<Options> checked(Options options) {
    const int worlds = (options.host.empty() ? 0 : 1) + (options.from.empty() ? 0 : 1) + (options.image.empty() ? 0 : 1);
    if (worlds > 1) return fail(Code::invalid_input, "host, from and image exclude each other: each is a whole world");
    return options;
}

}  // namespace

Result<Options> options_of(const Environment& environment) {
    constexpr std::array<std::pair<const char*, const char*>, 4> variables = {
        {{"BULKHEAD_FROM", "from"}, {"BULKHEAD_IMAGE", "image"}, {"BULKHEAD_DIALECT", "dialect"}, {"BULKHEAD_PARTIAL", "partial"}}};
    Options options;
    for (const auto& [variable, name] : variables) {
        const auto value = environment(variable);
        if (!value || value->empty()) continue;
        if (auto taken = set(options, name, *value); !taken) return std::unexpected(taken.error().in(variable));
    }
    return checked(std::move(options));
}

Result<Options> options_of(const Options& environment, const Pairs& pairs) {
    Options options = environment;
    if (std::ranges::any_of(pairs, [](const auto& pair) { return names_a_world(pair.first); })) options.from = options.image = options.host = "";
    for (const auto& [name, value] : pairs) {
        if (auto taken = set(options, name, value); !taken) return std::unexpected(taken.error());
    }
    return checked(std::move(options));
}

}  // namespace bulkhead::extension
