// SPDX-License-Identifier: Apache-2.0
#include "build/compose_variables.h"

#include <fmt/format.h>

#include "base/text.h"

namespace bulkhead::build {

namespace {

bool is_start(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_name(char c) { return is_start(c) || (c >= '0' && c <= '9'); }

class Interpolator {
  public:
    Interpolator(std::string_view text, const Environment& environment) : rest_(text), environment_(environment) {}

    Result<std::string> until_end_or_brace(bool in_braces) {
        std::string out;
        while (!rest_.empty()) {
            if (in_braces && rest_.front() == '}') return out;
            const std::size_t plain = std::min(rest_.find_first_of(in_braces ? "$}" : "$"), rest_.size());
            out += rest_.substr(0, plain);
            rest_.remove_prefix(plain);
            if (rest_.starts_with('$')) {
                if (auto taken = dollar(out); !taken) return std::unexpected(taken.error());
            }
            if (out.size() > expanded_bytes_max) return fail(Code::limit_exceeded, fmt::format("becomes more than {} bytes", expanded_bytes_max));
        }
        if (in_braces) return fail(Code::invalid_input, "a variable's closing } is missing");
        return out;
    }
    [[nodiscard]] bool known() const { return known_; }

  private:
    std::string_view take_name() {
        std::size_t length = 0;
        while (length < rest_.size() && (length == 0 ? is_start(rest_[0]) : is_name(rest_[length]))) ++length;
        const std::string_view name = rest_.substr(0, length);
        rest_.remove_prefix(length);
        return name;
    }

    const std::string* value(std::string_view name) const {
        const auto found = environment_.find(name);
        return found == environment_.end() ? nullptr : &found->second;
    }

    void put(const std::string* value, std::string& out) {
        if (value == nullptr) known_ = false;
        if (value != nullptr) out += *value;
    }

    Result<void> dollar(std::string& out) {
        rest_.remove_prefix(1);
        if (rest_.starts_with('$')) {
            rest_.remove_prefix(1);
            out += '$';
            return {};
        }
        if (!rest_.starts_with('{')) {
            const std::string_view name = take_name();
            if (name.empty()) return fail(Code::invalid_input, "a $ without a variable's name: write $$ for the sign itself");
            put(value(name), out);
            return {};
        }
        rest_.remove_prefix(1);
        if (++depth_ > expansion_depth_max) return fail(Code::limit_exceeded, fmt::format("variables nested deeper than {}", expansion_depth_max));
        auto taken = braces(out);
        --depth_;
        return taken;
    }

    Result<void> braces(std::string& out) {
        const std::string name(take_name());
        if (name.empty()) return fail(Code::invalid_input, "${ without a variable's name");
        const std::string* found = value(name);
        if (rest_.starts_with('}')) {
            rest_.remove_prefix(1);
            put(found, out);
            return {};
        }
        const bool empty_is_unset = rest_.starts_with(':');
        if (empty_is_unset) rest_.remove_prefix(1);
        const char modifier = rest_.empty() ? '\0' : rest_.front();
        if (modifier != '-' && modifier != '?' && modifier != '+')
            return fail(Code::invalid_input, fmt::format("${{{}...}} is no variable that Compose knows", name));
        rest_.remove_prefix(1);
        const bool known_before = known_;
        const auto word = until_end_or_brace(true);
        if (!word) return std::unexpected(word.error());
        rest_.remove_prefix(1);
        const bool is_set = found != nullptr && !(empty_is_unset && found->empty());
        if (modifier == '-' && !is_set) {
            out += *word;
            return {};
        }
        if (modifier == '+') {
            if (is_set) out += *word;
            if (!is_set) known_ = known_before;
            return {};
        }
        known_ = known_before;
        // Without the caller's environment one cannot tell that Compose would refuse: only that the value is not known.
        put(is_set ? found : nullptr, out);
        return {};
    }

    std::string_view rest_;
    const Environment& environment_;
    bool known_ = true;
    int depth_ = 0;
};

std::string unescaped(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\\' || i + 1 == text.size()) {
            out += text[i];
            continue;
        }
        const char next = text[++i];
        out += next == 'n' ? '\n' : next == 't' ? '\t' : next == 'r' ? '\r' : next;
        if (next != 'n' && next != 't' && next != 'r' && next != '"' && next != '\\' && next != '$') out.insert(out.size() - 1, 1, '\\');
    }
    return out;
}

struct EnvLine {
    Key key;
    std::string value;
    bool has_value = false;
    bool literal = false;  // in single quotes: no variables
};

// Lines of an .env file; quoted values may go over several lines.
class EnvReader {
  public:
    EnvReader(std::string_view bytes, const std::string& file, int number) : rest_(bytes), file_(file), number_(number) {}

    Result<std::vector<EnvLine>> run() {
        std::vector<EnvLine> lines;
        while (!rest_.empty()) {
            ++line_;
            const Position at{line_, 1};
            std::string_view line = take_line();
            line = text::trim(line);
            if (line.empty() || line.starts_with('#')) continue;
            if (line.starts_with("export ")) line = text::trim(line.substr(7));
            const std::size_t end = std::min(line.find_first_of("=:"), line.size());
            EnvLine made{{std::string(text::trim(line.substr(0, end))), {number_, at}}, "", end < line.size(), false};
            if (made.key.name.empty() || made.key.name.find_first_of(" \t\"'") != std::string::npos) return fail_at(file_, at, "not NAME=VALUE");
            if (made.has_value) {
                if (auto taken = take_value(made, text::trim(line.substr(end + 1)), at); !taken) return std::unexpected(taken.error());
            }
            lines.push_back(std::move(made));
        }
        return lines;
    }

  private:
    std::string_view take_line() {
        const std::size_t end = rest_.find('\n');
        const std::string_view line = rest_.substr(0, end);
        rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
        return line.ends_with('\r') ? line.substr(0, line.size() - 1) : line;
    }

    Result<void> take_value(EnvLine& made, std::string_view text, Position at) {
        if (!text.starts_with('"') && !text.starts_with('\'')) {
            const std::size_t comment = text.find(" #");
            made.value = text::trim(text.substr(0, comment));
            return {};
        }
        const char quote = text.front();
        std::string whole(text.substr(1));
        std::size_t end = closing(whole, quote);
        while (end == std::string::npos) {
            if (rest_.empty()) return fail_at(file_, at, fmt::format("a closing {} is missing", quote));
            ++line_;
            whole += "\n";
            whole += take_line();
            end = closing(whole, quote);
        }
        made.literal = quote == '\'';
        made.value = made.literal ? whole.substr(0, end) : unescaped(std::string_view(whole).substr(0, end));
        return {};
    }

    static std::size_t closing(const std::string& text, char quote) {
        for (std::size_t i = 0; i < text.size(); ++i) {
            if (text[i] == '\\' && quote == '"') {
                ++i;
            } else if (text[i] == quote) {
                return i;
            }
        }
        return std::string::npos;
    }

    std::string_view rest_;
    const std::string& file_;
    int number_;
    int line_ = 0;
};

Result<std::vector<EnvLine>> read_env(std::string_view bytes, const std::string& file, int number) {
    if (bytes.size() > env_file_bytes_max) return fail_at(file, {1, 1}, fmt::format("larger than {} bytes", env_file_bytes_max), Code::limit_exceeded);
    return EnvReader(bytes, file, number).run();
}

}  // namespace

Result<Expanded> interpolate(std::string_view text, const Environment& environment) {
    Interpolator interpolator(text, environment);
    auto out = interpolator.until_end_or_brace(false);
    if (!out) return std::unexpected(out.error());
    return Expanded{std::move(*out), interpolator.known()};
}

Result<void> interpolate(Tree& tree, const Environment& environment, const std::string& file) {
    if (tree.is_scalar()) {
        if (tree.text.find('$') == std::string::npos) return {};
        auto expanded = interpolate(tree.text, environment);
        if (!expanded) return fail_at(file, tree.place.at, expanded.error().message, expanded.error().code);
        tree.text = std::move(expanded->text);
        tree.known = expanded->known;
        return {};
    }
    for (Tree& item : tree.items) {
        if (auto done = interpolate(item, environment, file); !done) return done;
    }
    return {};
}

Result<void> add_env_file(Environment& environment, std::string_view bytes, const std::string& file) {
    auto lines = read_env(bytes, file, 0);
    if (!lines) return std::unexpected(lines.error());
    for (EnvLine& line : *lines) {
        if (!line.has_value || environment.contains(line.key.name)) continue;
        if (!line.literal && line.value.find('$') != std::string::npos) {
            auto expanded = interpolate(line.value, environment);
            if (!expanded || !expanded->known) continue;  // rests on what is not known here
            line.value = std::move(expanded->text);
        }
        environment.emplace(std::move(line.key.name), std::move(line.value));
    }
    return {};
}

}  // namespace bulkhead::build
