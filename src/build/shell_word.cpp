// SPDX-License-Identifier: Apache-2.0
#include "build/shell_word.h"

#include <fmt/format.h>

#include <vector>

#include "base/text.h"

namespace bulkhead::build {

namespace {

constexpr std::size_t pattern_text_bytes_max = 4'096;  // patterns are tried at every place

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_name(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || is_digit(c); }

std::string without_prefix(const std::string& value, std::string_view pattern, bool longest) {
    std::optional<std::size_t> found;
    for (std::size_t length = 0; length <= value.size(); ++length) {
        if (!matches_pattern(pattern, std::string_view(value).substr(0, length))) continue;
        found = length;
        if (!longest) break;
    }
    return found ? value.substr(*found) : value;
}

std::string without_suffix(const std::string& value, std::string_view pattern, bool longest) {
    std::optional<std::size_t> found;
    for (std::size_t length = 0; length <= value.size(); ++length) {
        if (!matches_pattern(pattern, std::string_view(value).substr(value.size() - length))) continue;
        found = length;
        if (!longest) break;
    }
    return found ? value.substr(0, value.size() - *found) : value;
}

std::string replaced(const std::string& value, std::string_view pattern, std::string_view by, bool all) {
    std::string out;
    bool done = pattern.empty();
    for (std::size_t at = 0; at < value.size();) {
        std::size_t length = done ? 0 : value.size() - at;
        while (length > 0 && !matches_pattern(pattern, std::string_view(value).substr(at, length))) --length;
        if (length == 0) {
            out += value[at++];
            continue;
        }
        out += by;
        at += length;
        done = !all;
    }
    return out;
}

class Expander {
  public:
    Expander(std::string_view word, char escape, const Lookup& lookup) : rest_(word), escape_(escape), lookup_(lookup) {}

    // Up to `stop` (which is taken), or to the end where that is 0. Patterns keep their escapes: they mean something there.
    Result<std::string> until(char stop, bool keep_escapes) {
        std::string out;
        while (!rest_.empty()) {
            const char c = rest_.front();
            if (stop != '\0' && c == stop) {
                rest_.remove_prefix(1);
                return out;
            }
            if (c == '\'') {
                if (auto taken = single_quoted(out); !taken) return std::unexpected(taken.error());
            } else if (c == '"') {
                if (auto taken = double_quoted(out); !taken) return std::unexpected(taken.error());
            } else if (c == '$') {
                if (auto taken = dollar(out); !taken) return std::unexpected(taken.error());
            } else if (c == escape_) {
                if (keep_escapes) out += c;
                rest_.remove_prefix(1);
                if (!rest_.empty()) take(out);
            } else {
                take(out);
            }
            if (out.size() > expanded_bytes_max) return fail(Code::limit_exceeded, fmt::format("expands to more than {} bytes", expanded_bytes_max));
        }
        if (stop != '\0') return fail(Code::invalid_input, fmt::format("a variable's closing {} is missing", stop));
        return out;
    }
    [[nodiscard]] bool known() const { return known_; }

  private:
    void take(std::string& out) {
        out += rest_.front();
        rest_.remove_prefix(1);
    }

    Result<void> single_quoted(std::string& out) {
        const std::size_t end = rest_.find('\'', 1);
        if (end == std::string_view::npos) return fail(Code::invalid_input, "a closing ' is missing");
        out += rest_.substr(1, end - 1);
        rest_.remove_prefix(end + 1);
        return {};
    }

    Result<void> double_quoted(std::string& out) {
        rest_.remove_prefix(1);
        while (!rest_.empty()) {
            const char c = rest_.front();
            if (c == '"') {
                rest_.remove_prefix(1);
                return {};
            }
            if (c == '$') {
                if (auto taken = dollar(out); !taken) return taken;
                if (out.size() > expanded_bytes_max) return fail(Code::limit_exceeded, fmt::format("expands to more than {} bytes", expanded_bytes_max));
                continue;
            }
            const bool escapes = c == escape_ && rest_.size() > 1 && (rest_[1] == '"' || rest_[1] == '$' || rest_[1] == escape_);
            if (escapes) rest_.remove_prefix(1);
            take(out);
        }
        return fail(Code::invalid_input, "a closing \" is missing");
    }

    std::string take_name() {
        std::size_t length = 0;
        if (!rest_.empty() && is_digit(rest_[0])) {
            while (length < rest_.size() && is_digit(rest_[length])) ++length;
        } else if (!rest_.empty() && std::string_view("@*#?-$!").find(rest_[0]) != std::string_view::npos) {
            length = 1;
        } else {
            while (length < rest_.size() && is_name(rest_[length])) ++length;
        }
        std::string name(rest_.substr(0, length));
        rest_.remove_prefix(length);
        return name;
    }

    std::string value_or_unknown(const std::optional<Expanded>& value) {
        if (!value || !value->known) known_ = false;
        return value ? value->text : std::string();
    }

    Result<void> dollar(std::string& out) {
        rest_.remove_prefix(1);
        if (!rest_.starts_with('{')) {
            const std::string name = take_name();
            out += name.empty() ? "$" : value_or_unknown(lookup_(name));
            return {};
        }
        rest_.remove_prefix(1);
        const std::string name = take_name();
        if (name.empty() || rest_.empty()) return fail(Code::invalid_input, "not a variable: ${ without a name and a }");
        if (++depth_ > expansion_depth_max) return fail(Code::limit_exceeded, fmt::format("variables nested deeper than {}", expansion_depth_max));
        auto done = braces(name, out);
        --depth_;
        return done;
    }

    // Behind ${name
    Result<void> braces(const std::string& name, std::string& out) {
        char modifier = rest_.front();
        rest_.remove_prefix(1);
        const auto value = lookup_(name);
        if (modifier == '}') {
            out += value_or_unknown(value);
            return {};
        }
        if (modifier == '/') return substitute(value, out);
        const bool empty_is_unset = modifier == ':';
        if (empty_is_unset) {
            if (rest_.empty()) return fail(Code::invalid_input, "a variable's closing } is missing");
            modifier = rest_.front();
            rest_.remove_prefix(1);
        }
        if (std::string_view("-+?#%").find(modifier) == std::string_view::npos) {
            return fail(Code::invalid_input, fmt::format("${{{}...}} with an unknown modifier {}", name, text::printable(std::string(1, modifier))));
        }
        const bool known_before = known_;
        const auto word = until('}', modifier == '#' || modifier == '%');
        if (!word) return std::unexpected(word.error());
        const bool is_set = value && !(empty_is_unset && value->known && value->text.empty());
        if (modifier == '#' || modifier == '%') return strip(modifier, value, *word, out);
        if (modifier == '-') {
            if (is_set) known_ = known_before && value->known;
            out += is_set ? value->text : *word;
        } else if (modifier == '+') {
            if (!is_set) known_ = known_before;
            if (value && !value->known) known_ = false;
            if (is_set) out += *word;
        } else {
            if (!is_set) return fail(Code::invalid_input, fmt::format("{} must be set: {}", name, text::printable(*word)));
            known_ = known_before && value->known;
            out += value->text;
        }
        return {};
    }

    Result<void> strip(char modifier, const std::optional<Expanded>& value, std::string pattern, std::string& out) {
        const std::string text = value_or_unknown(value);
        if (text.size() > pattern_text_bytes_max) return fail(Code::limit_exceeded, "a pattern over too long a value");
        const bool longest = pattern.starts_with(modifier);
        if (longest) pattern.erase(0, 1);
        out += modifier == '#' ? without_prefix(text, pattern, longest) : without_suffix(text, pattern, longest);
        return {};
    }

    Result<void> substitute(const std::optional<Expanded>& value, std::string& out) {
        const bool all = rest_.starts_with('/');
        if (all) rest_.remove_prefix(1);
        const auto pattern = until('/', true);
        if (!pattern) return std::unexpected(pattern.error());
        const auto by = until('}', false);
        if (!by) return std::unexpected(by.error());
        const std::string text = value_or_unknown(value);
        constexpr std::size_t substituted_bytes_max = 256;  // tried at every place with every length
        if (text.size() > substituted_bytes_max) return fail(Code::limit_exceeded, "a pattern over too long a value");
        out += replaced(text, *pattern, *by, all);
        return {};
    }

    std::string_view rest_;
    char escape_;
    const Lookup& lookup_;
    bool known_ = true;
    int depth_ = 0;
};

}  // namespace

bool matches_pattern(std::string_view pattern, std::string_view text) {
    std::size_t p = 0;
    std::size_t t = 0;
    std::size_t star = std::string_view::npos;
    std::size_t star_text = 0;
    while (t < text.size()) {
        const bool escaped = p + 1 < pattern.size() && pattern[p] == '\\';
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            star_text = t;
        } else if (escaped && pattern[p + 1] == text[t]) {
            p += 2;
            ++t;
        } else if (!escaped && p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
            ++p;
            ++t;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            t = ++star_text;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == '*') ++p;
    return p == pattern.size();
}

Result<Expanded> expand_word(std::string_view word, char escape, const Lookup& lookup) {
    Expander expander(word, escape, lookup);
    auto text = expander.until('\0', false);
    if (!text) return std::unexpected(text.error());
    return Expanded{std::move(*text), expander.known()};
}

}  // namespace bulkhead::build
