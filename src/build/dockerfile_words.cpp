// SPDX-License-Identifier: Apache-2.0
#include "build/dockerfile_words.h"

#include "base/json.h"

namespace bulkhead::build {

namespace {

bool is_blank(char c) { return blanks.find(c) != std::string_view::npos; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

// One quoted JSON string from `at` on; `at` is behind it then. Its meaning is left to the JSON parser: escapes and surrogates.
std::optional<std::string> json_string(const std::string& text, std::size_t& at) {
    const std::size_t start = at++;
    while (at < text.size() && text[at] != '"') at += text[at] == '\\' ? 2 : 1;
    if (at >= text.size()) return std::nullopt;
    ++at;
    const std::string_view quoted = std::string_view(text).substr(start, at - start);
    if (quoted.find('\\') == std::string_view::npos) {
        for (const char c : quoted) {
            if (static_cast<unsigned char>(c) < 0x20) return std::nullopt;
        }
        return std::string(quoted.substr(1, quoted.size() - 2));
    }
    const auto document = json::Document::parse("[" + std::string(quoted) + "]");
    if (!document) return std::nullopt;
    const auto strings = document->root().texts();
    return strings.size() == 1 ? std::optional(strings[0]) : std::nullopt;
}

// The word without its quotes and escapes; nothing where a quote is left open.
std::optional<std::string> unquoted(std::string_view word) {
    std::string out;
    char quote = '\0';
    for (std::size_t i = 0; i < word.size(); ++i) {
        const char c = word[i];
        if (quote == '\0' && (c == '"' || c == '\'')) {
            quote = c;
        } else if (c == quote) {
            quote = '\0';
        } else if (c == '\\' && quote != '\'' && i + 1 < word.size()) {
            out += word[++i];
        } else {
            out += c;
        }
    }
    return quote == '\0' ? std::optional(out) : std::nullopt;
}

}  // namespace

std::vector<Word> split_blanks(const PlacedText& text) {
    std::vector<Word> words;
    const std::string& bytes = text.text();
    for (std::size_t i = 0; i < bytes.size();) {
        if (is_blank(bytes[i])) {
            ++i;
            continue;
        }
        const std::size_t end = std::min(bytes.find_first_of(blanks, i), bytes.size());
        words.push_back({bytes.substr(i, end - i), text.at(i)});
        i = end;
    }
    return words;
}

std::vector<Word> split_quoted(const PlacedText& text, char escape) {
    std::vector<Word> words;
    const std::string& bytes = text.text();
    std::size_t start = std::string::npos;
    char quote = '\0';
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const char c = bytes[i];
        if (quote == '\0' && is_blank(c)) {
            if (start != std::string::npos) words.push_back({bytes.substr(start, i - start), text.at(start)});
            start = std::string::npos;
            continue;
        }
        if (start == std::string::npos) start = i;
        if (c == escape && quote != '\'') {
            ++i;
        } else if (quote == '\0' && (c == '"' || c == '\'')) {
            quote = c;
        } else if (c == quote) {
            quote = '\0';
        }
    }
    if (start != std::string::npos) words.push_back({bytes.substr(start), text.at(start)});
    return words;
}

std::optional<std::vector<Word>> split_json(const PlacedText& text) {
    const std::string& bytes = text.text();
    std::vector<Word> words;
    const auto skip = [&](std::size_t at) { return std::min(bytes.find_first_not_of(" \t\r\n", at), bytes.size()); };
    std::size_t at = skip(0);
    if (at == bytes.size() || bytes[at] != '[') return std::nullopt;
    at = skip(at + 1);
    if (at < bytes.size() && bytes[at] == ']') return skip(at + 1) == bytes.size() ? std::optional(words) : std::nullopt;
    while (at < bytes.size() && bytes[at] == '"') {
        const Position place = text.at(at);
        auto string = json_string(bytes, at);
        if (!string) return std::nullopt;
        words.push_back({std::move(*string), place});
        at = skip(at);
        if (at < bytes.size() && bytes[at] == ']') return skip(at + 1) == bytes.size() ? std::optional(words) : std::nullopt;
        if (at == bytes.size() || bytes[at] != ',') return std::nullopt;
        at = skip(at + 1);
    }
    return std::nullopt;
}

PlacedText take_flags(const PlacedText& text, std::vector<Flag>& flags) {
    const std::string& bytes = text.text();
    std::size_t at = 0;
    for (;;) {
        at = std::min(bytes.find_first_not_of(blanks, at), bytes.size());
        if (bytes.compare(at, 2, "--") != 0) break;
        const std::size_t start = at;
        std::string word;
        char quote = '\0';
        for (; at < bytes.size() && (quote != '\0' || !is_blank(bytes[at])); ++at) {
            const char c = bytes[at];
            if (quote == '\0' && (c == '"' || c == '\'')) {
                quote = c;
            } else if (c == quote && quote != '\0') {
                quote = '\0';
            } else if (c == '\\' && at + 1 < bytes.size()) {
                word += bytes[++at];
            } else {
                word += c;
            }
        }
        if (word == "--") break;  // what follows is no flag, whatever it looks like
        const std::size_t equals = std::min(word.find('='), word.size());
        flags.push_back({word.substr(2, equals - 2), equals < word.size() ? word.substr(equals + 1) : "", text.at(start)});
    }
    std::size_t end = bytes.size();
    while (end > at && is_blank(bytes[end - 1])) --end;
    at = std::min(std::min(bytes.find_first_not_of(blanks, at), bytes.size()), end);
    return text.part(at, end - at);
}

std::optional<Heredoc> heredoc_mark(std::string_view word) {
    while (!word.empty() && is_digit(word.front())) word.remove_prefix(1);
    if (!word.starts_with("<<")) return std::nullopt;
    word.remove_prefix(2);
    Heredoc heredoc;
    heredoc.chomp = word.starts_with("-");
    if (heredoc.chomp) word.remove_prefix(1);
    if (word.empty() || word.find('<') != std::string_view::npos) return std::nullopt;
    const auto name = unquoted(word);
    if (!name || name->empty()) return std::nullopt;
    heredoc.name = *name;
    heredoc.expand = *name == word;
    return heredoc;
}

}  // namespace bulkhead::build
