// SPDX-License-Identifier: Apache-2.0
// The text rules of redaction; redact.cpp applies them to JSON.
#include <algorithm>
#include <array>

#include "base/text.h"
#include "world/redact.h"

namespace bulkhead::world {

namespace {

constexpr std::array<std::string_view, 16> secret_words = {
    "password",   "passwd",    "passphrase", "secret",     "token",         "apikey",      "accesskey",  "privatekey",
    "credential", "basicauth", "unlockkey",  "signingkey", "encryptionkey", "requirepass", "masterauth", "sshkey",
};
constexpr std::array<std::string_view, 6> secret_roots = {"pass", "secret", "token", "key", "credential", "auth"};  // each word has one
// Names, ids and references of Swarm secrets, and settings that only sound like one.
constexpr std::array<std::string_view, 7> harmless_keys = {
    "Secrets", "SecretID", "SecretName", "CredentialSpec", "SecretReference", "CredentialSpecs", "ImagePullSecrets",
};
constexpr std::size_t key_length_max = 256;

bool is_key_char(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.'; }

bool is_name_char(char c) { return is_key_char(c) && c != '-' && c != '.'; }

bool ends_value(char c) { return c == ' ' || c == '\t' || c == '\n' || c == ',' || c == '&' || c == ';' || c == '"' || c == '\''; }

bool is_quote(char c) { return c == '"' || c == '\''; }

// The length of a quoted word at `at`, or 0: a quote with a blank before its like closes what began before.
std::size_t quoted_piece(const std::string& text, std::size_t at) {
    if (at >= text.size() || !is_quote(text[at])) return 0;
    const std::size_t end = text.find(text[at], at + 1);
    const bool word = end != std::string::npos && text.find_first_of(" \t\n", at) > end;
    return word ? end + 1 - at : 0;
}

// scheme://user:pass@host -> scheme://<redacted>@host. The authority ends at / ? # or a blank.
void redact_urls(std::string& text) {
    std::size_t from = 0;
    while ((from = text.find("://", from)) != std::string::npos) {
        from += 3;
        const std::size_t end = std::min(text.find_first_of("/?# \t\n\"',", from), text.size());
        const std::size_t at = text.substr(from, end - from).rfind('@');
        if (at == std::string::npos) continue;
        text.replace(from, at, redaction_mark);
        from += redaction_mark.size() + 1;
    }
}

// key=value where the key looks like a secret, anywhere in the text.
void redact_assignments(std::string& text) {
    std::size_t from = 0;
    std::size_t equals = 0;
    while ((equals = text.find('=', from)) != std::string::npos) {
        from = equals + 1;
        std::size_t start = equals;
        while (start > 0 && equals - start < key_length_max && is_key_char(text[start - 1])) --start;
        if (start == equals || !looks_secret(std::string_view(text).substr(start, equals - start))) continue;
        std::size_t end = from;
        if (end < text.size() && is_quote(text[end])) end = std::min(text.find(text[end], end + 1), text.size() - 1) + 1;
        // What hangs on it belongs to it: "abc"'d'e is one value, as a shell takes it.
        if (end > from) {
            while (const std::size_t piece = quoted_piece(text, end)) end += piece;
        }
        while (end < text.size() && !ends_value(text[end])) ++end;
        if (end == from) continue;
        text.replace(from, end - from, redaction_mark);
        from += redaction_mark.size();
    }
}

// --password VALUE: the word after a flag that looks like a secret.
void redact_flags(std::string& text) {
    std::size_t from = 0;
    while ((from = text.find("--", from)) != std::string::npos) {
        std::size_t end = from + 2;
        while (end < text.size() && is_key_char(text[end])) ++end;
        const bool flag = end > from + 2 && end + 1 < text.size() && text[end] == ' ' && text[end + 1] != '-' && (from == 0 || ends_value(text[from - 1])) &&
                          looks_secret(std::string_view(text).substr(from + 2, end - from - 2));
        from = end;
        if (!flag) continue;
        std::size_t stop = end + 1;
        while (stop < text.size() && !ends_value(text[stop])) ++stop;
        text.replace(end + 1, stop - end - 1, redaction_mark);
        from = end + 1 + redaction_mark.size();
    }
}

// "A=1 B=two words" -> "A B": every NAME= of the text, without what follows.
std::string names_only(std::string_view text) {
    std::string names;
    for (std::size_t equals = text.find('='); equals != std::string_view::npos; equals = text.find('=', equals + 1)) {
        std::size_t start = equals;
        while (start > 0 && equals - start < key_length_max && is_name_char(text[start - 1])) --start;
        if (start == equals || (start > 0 && text[start - 1] != ' ' && text[start - 1] != '\t')) continue;
        if (!names.empty()) names += ' ';
        names += text.substr(start, equals - start);
    }
    // ARG NAME, or ENV NAME VALUE: the first word is the name.
    const auto parts = text::words(text);
    if (names.empty() && !parts.empty()) names = parts.front();
    return names;
}

}  // namespace

bool looks_secret(std::string_view key) {
    if (key.empty() || key.size() > key_length_max || key.front() == '/') return false;  // a path is not a key
    if (std::ranges::find(harmless_keys, key) != harmless_keys.end()) return false;
    std::array<char, key_length_max> letters{};
    std::size_t length = 0;
    for (const char c : key) {
        if (c != '_' && c != '-' && c != '.') letters[length++] = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    const std::string_view plain(letters.data(), length);
    const auto in_plain = [plain](std::string_view word) { return plain.find(word) != std::string_view::npos; };
    // Every key of every answer comes by here: most have none of the roots, and are done.
    return std::ranges::any_of(secret_roots, in_plain) && std::ranges::any_of(secret_words, in_plain);
}

std::string redact_text(std::string_view text) {
    std::string out(text);
    if (out.find("://") != std::string::npos) redact_urls(out);
    if (out.find('=') != std::string::npos) redact_assignments(out);
    if (out.find("--") != std::string::npos) redact_flags(out);
    return out;
}

// Forms seen: "/bin/sh -c #(nop)  ENV A=1", "ENV A=1" (BuildKit), "|2 A=1 B=2 /bin/sh -c make" and "RUN |2 A=1 B=2 /bin/sh -c make".
std::string redact_build_step(std::string_view step) {
    for (const std::string_view word : {"ENV ", "ARG "}) {
        std::size_t at = step.find(word);
        const std::string_view before = at == std::string_view::npos ? std::string_view() : text::trim(step.substr(0, at));
        if (at == std::string_view::npos || !(before.empty() || before.ends_with("#(nop)"))) continue;
        at += word.size();
        return std::string(step.substr(0, at)) + names_only(step.substr(at));
    }
    const std::size_t bar = step.find('|');
    const bool with_arguments = bar != std::string_view::npos && bar + 1 < step.size() && step[bar + 1] >= '0' && step[bar + 1] <= '9' &&
                                (bar == 0 || text::trim(step.substr(0, bar)) == "RUN" || step.substr(0, bar).ends_with("-c "));
    if (!with_arguments) return redact_text(step);
    const std::size_t arguments = std::min(step.find(' ', bar), step.size());
    const std::size_t command = std::min(step.find(" /", arguments), step.size());
    std::string out(step.substr(0, arguments));
    if (const auto names = names_only(step.substr(arguments, command - arguments)); !names.empty()) out += ' ' + names;
    return out + redact_text(step.substr(command));
}

}  // namespace bulkhead::world
