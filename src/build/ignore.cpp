// SPDX-License-Identifier: Apache-2.0
#include "build/ignore.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/text.h"

namespace bulkhead::build {

namespace {

constexpr std::string_view mark = "bulkhead ignore=";

// Offset of the # of a comment that is an ignore.
std::optional<std::size_t> find_mark(std::string_view line) {
    const std::size_t found = line.find(mark);
    if (found == std::string_view::npos) return std::nullopt;
    const std::size_t hash = line.find_last_not_of(" \t", found == 0 ? 0 : found - 1);
    if (hash == std::string_view::npos || line[hash] != '#') return std::nullopt;
    if (hash > 0 && line[hash - 1] != ' ' && line[hash - 1] != '\t') return std::nullopt;
    return hash;
}

bool is_date(std::string_view text) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
    const auto month = text::to_integer(text.substr(5, 2));
    const auto day = text::to_integer(text.substr(8, 2));
    return text::to_integer(text.substr(0, 4)).value_or(0) >= 2000 && month && day && *month >= 1 && *month <= 12 && *day >= 1 && *day <= 31;
}

std::string take_value(std::string_view& rest) {
    std::string value;
    if (rest.starts_with('"')) {
        const std::size_t end = rest.find('"', 1);
        value = rest.substr(1, end == std::string_view::npos ? end : end - 1);
        rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
        return value;
    }
    const std::size_t end = std::min(rest.find_first_of(" \t"), rest.size());
    value = rest.substr(0, end);
    rest.remove_prefix(end);
    return value;
}

// One for each control that the comment names; the lines are the caller's to fill in.
Result<std::vector<Ignore>> parse(std::string_view line, std::size_t hash, int number, const std::string& file) {
    const Position at{number, static_cast<int>(hash) + 1};
    std::string_view rest = line.substr(line.find(mark) + mark.size());
    Ignore made;
    made.file = file;
    made.at = at;
    const std::string controls = take_value(rest);
    for (rest = text::trim(rest); !rest.empty(); rest = text::trim(rest)) {
        const std::size_t equals = std::min(rest.find('='), rest.size());
        const std::string key(rest.substr(0, equals));
        rest.remove_prefix(std::min(equals + 1, rest.size()));
        if (key == "reason") {
            made.reason = take_value(rest);
        } else if (key == "expires") {
            made.expires = take_value(rest);
        } else {
            return fail_at(file, at, fmt::format("an ignore has reason=\"...\" and expires=YYYY-MM-DD, not {}", text::printable(key)));
        }
    }
    if (text::trim(made.reason).empty()) return fail_at(file, at, "an ignore needs reason=\"...\"");
    if (!is_date(made.expires)) return fail_at(file, at, "an ignore needs expires=YYYY-MM-DD");
    std::vector<Ignore> all;
    for (const std::string_view control : text::split(controls, ',')) {
        if (text::trim(control).empty()) return fail_at(file, at, "an ignore names a control: ignore=ID");
        made.control = text::trim(control);
        all.push_back(made);
    }
    return all;
}

Result<void> add(std::vector<Ignore>& all, Result<std::vector<Ignore>> some, int from, int to) {
    if (!some) return std::unexpected(some.error());
    for (Ignore& one : *some) {
        if (all.size() == ignores_max) return fail_at(one.file, one.at, fmt::format("more than {} ignores", ignores_max), Code::limit_exceeded);
        one.from_line = from;
        one.to_line = to;
        all.push_back(std::move(one));
    }
    return {};
}

std::size_t indent_of(std::string_view line) { return std::min(line.find_first_not_of(' '), line.size()); }
bool says_nothing(std::string_view line) { return text::trim(line).empty() || text::trim(line).starts_with('#'); }

}  // namespace

Result<std::vector<Ignore>> dockerfile_ignores(const Dockerfile& dockerfile, const std::string& file) {
    std::vector<Ignore> all;
    for (std::size_t i = 0; i < dockerfile.lines.size(); ++i) {
        const std::string& line = dockerfile.lines[i];
        const int number = static_cast<int>(i) + 1;
        const auto hash = find_mark(line);
        if (!hash || !text::trim(line).starts_with('#')) continue;
        const auto target = std::ranges::find_if(dockerfile.instructions, [&](const Instruction& instruction) { return instruction.end_line >= number; });
        if (target == dockerfile.instructions.end()) continue;
        const auto& owner = target->trigger.empty() ? *target : target->trigger.front();
        if (!owner.heredocs.empty() && number >= owner.heredocs.front().start_line) continue;  // text of a heredoc
        if (auto added = add(all, parse(line, *hash, number, file), target->at.line, target->end_line); !added) return std::unexpected(added.error());
    }
    return all;
}

Result<std::vector<Ignore>> compose_ignores(std::string_view bytes, const std::string& file) {
    std::vector<Ignore> all;
    if (bytes.find(mark) == std::string_view::npos) return all;
    const auto lines = text::lines(bytes);
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const auto hash = find_mark(lines[i]);
        if (!hash) continue;
        std::size_t first = i;
        while (first < lines.size() && says_nothing(lines[first])) ++first;
        if (first == lines.size()) continue;
        std::size_t last = first;
        const std::size_t indent = indent_of(lines[first]);
        for (std::size_t next = first + 1; next < lines.size(); ++next) {
            if (says_nothing(lines[next])) continue;
            if (indent_of(lines[next]) <= indent) break;
            last = next;
        }
        const int number = static_cast<int>(i) + 1;
        if (auto added = add(all, parse(lines[i], *hash, number, file), static_cast<int>(first) + 1, static_cast<int>(last) + 1); !added)
            return std::unexpected(added.error());
    }
    return all;
}

}  // namespace bulkhead::build
