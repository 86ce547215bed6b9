// SPDX-License-Identifier: Apache-2.0
#include "fix/yaml_lines.h"

namespace bulkhead::fix {

namespace {

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

// One behind the scalar's last byte on this line; nothing where it does not end here.
std::optional<std::size_t> end_of_scalar(std::string_view line, std::size_t start) {
    if (start >= line.size()) return std::nullopt;
    const char quote = line[start];
    if (quote == '|' || quote == '>' || quote == '&' || quote == '*' || quote == '!' || quote == '[' || quote == '{') return std::nullopt;
    if (quote == '"' || quote == '\'') {
        for (std::size_t i = start + 1; i < line.size(); ++i) {
            if (quote == '"' && line[i] == '\\') {
                ++i;
            } else if (line[i] == quote && quote == '\'' && i + 1 < line.size() && line[i + 1] == quote) {
                ++i;
            } else if (line[i] == quote) {
                return i + 1;
            }
        }
        return std::nullopt;
    }
    std::size_t end = line.find(" #", start);
    if (end == std::string_view::npos) end = line.size();
    while (end > start && (line[end - 1] == ' ' || line[end - 1] == '\t')) --end;
    return end;
}

}  // namespace

YamlLines::YamlLines(std::string_view text) {
    if (const std::size_t first = text.find('\n'); first != std::string_view::npos && first > 0 && text[first - 1] == '\r') line_end_ = "\r\n";
    ends_with_line_end_ = text.empty() || text.ends_with('\n');
    while (!text.empty()) {
        const std::size_t end = text.find(line_end_);
        lines_.emplace_back(text.substr(0, end));
        if (end == std::string_view::npos) break;
        text.remove_prefix(end + line_end_.size());
    }
}

std::string YamlLines::text() const {
    std::string out;
    for (std::size_t i = 0; i < lines_.size(); ++i) {
        out += lines_[i];
        if (i + 1 < lines_.size() || ends_with_line_end_) out += line_end_;
    }
    return out;
}

bool YamlLines::insert_after(int line, const std::string& content) {
    if (line != 0 && !has(line)) return false;
    lines_.insert(lines_.begin() + line, content);
    return true;
}

bool YamlLines::replace_scalar(build::Position at, std::string_view with) {
    const auto start = offset(at);
    if (!start) return false;
    std::string& line = lines_[static_cast<std::size_t>(at.line - 1)];
    const auto end = end_of_scalar(line, *start);
    if (!end) return false;
    line.replace(*start, *end - *start, with);
    return true;
}

bool YamlLines::insert_at(build::Position at, std::string_view what) {
    const auto start = offset(at);
    if (!start) return false;
    lines_[static_cast<std::size_t>(at.line - 1)].insert(*start, what);
    return true;
}

std::optional<std::size_t> YamlLines::offset(build::Position at) const {
    if (!has(at.line) || at.column < 1) return std::nullopt;
    const std::string_view text = line(at.line);
    int column = 1;
    for (std::size_t i = 0; i <= text.size(); ++i) {
        if (i < text.size() && is_continuation(text[i])) continue;
        if (column == at.column) return i;
        ++column;
    }
    return std::nullopt;
}

}  // namespace bulkhead::fix
