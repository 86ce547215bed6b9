// SPDX-License-Identifier: Apache-2.0
#include "host/containerd.h"

#include <algorithm>

#include "base/text.h"

namespace bulkhead::host {

namespace {

// "--config x", "--config=x", "-c x" (urfave/cli takes one dash or two).
std::optional<std::string> flag(const std::vector<std::string>& words, std::string_view name, std::string_view letter) {
    for (std::size_t i = 1; i < words.size(); ++i) {
        std::string_view word = words[i];
        if (!word.starts_with('-')) continue;
        word.remove_prefix(word.starts_with("--") ? 2 : 1);
        const std::size_t sign = word.find('=');
        const std::string_view key = word.substr(0, sign);
        if (key != name && key != letter) continue;
        if (sign != std::string_view::npos) return std::string(word.substr(sign + 1));
        if (i + 1 < words.size()) return words[i + 1];
    }
    return std::nullopt;
}

}  // namespace

std::optional<std::string> toml_text(std::string_view bytes, std::string_view section, std::string_view key) {
    std::string_view current;
    for (const std::string_view line : text::lines(bytes)) {
        const std::string_view trimmed = text::trim(line);
        if (trimmed.starts_with('[') && trimmed.ends_with(']')) {
            current = text::trim(trimmed.substr(1, trimmed.size() - 2));
            continue;
        }
        const std::size_t sign = trimmed.find('=');
        if (current != section || sign == std::string_view::npos || text::trim(trimmed.substr(0, sign)) != key) continue;
        const std::string_view value = text::trim(trimmed.substr(sign + 1));
        if (value.empty() || (value[0] != '"' && value[0] != '\'')) return std::nullopt;
        const std::size_t end = value.find(value[0], 1);
        if (end == std::string_view::npos) return std::nullopt;
        return std::string(value.substr(1, end - 1));
    }
    return std::nullopt;
}

Found<Containerd> containerds(Host& host, const Found<EngineProcess>& processes) {
    Found<Containerd> found;
    found.problems = processes.problems;
    for (const EngineProcess& process : processes.items) {
        if (process.name != "containerd") continue;
        Containerd one;
        one.pid = process.pid;
        one.cmdline_locator = process.locator;
        one.told_by = process.locator;
        auto config = flag(process.cmdline, "config", "c");
        one.config_is_given = config.has_value();
        one.config = config.value_or("/etc/containerd/config.toml");
        const auto file = host.world().read(world::file_at(one.config, process.pid));
        if (file->unreadable()) found.problems.push_back(problem_of(*file));
        if (file->present()) {
            one.told_by = file->locator;
            one.address = toml_text(file->bytes, "grpc", "address").value_or(one.address);
            one.state = toml_text(file->bytes, "", "state").value_or(one.state);
        }
        // Flags go before the file.
        one.address = flag(process.cmdline, "address", "a").value_or(one.address);
        one.state = flag(process.cmdline, "state", "state").value_or(one.state);
        found.items.push_back(std::move(one));
    }
    return found;
}

}  // namespace bulkhead::host
