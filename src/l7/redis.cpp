// SPDX-License-Identifier: Apache-2.0
// Redis: who logs in and which database is chosen, in the first commands of a client (RESP, "Redis serialization protocol specification").
#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <vector>

#include "l7/protocols.h"

namespace bulkhead::l7 {

namespace {

constexpr std::size_t looked_at_max = 2'048;  // bytes of the client's; a login comes first
constexpr int commands_max = 8;
constexpr std::size_t words_max = 8;  // kept of a command

std::optional<std::uint64_t> number_of(std::string_view text) {
    std::uint64_t out = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return out;
}

struct Command {
    std::vector<std::string_view> words;
    std::size_t size = 0;  // of it in bytes
};

// "*2\r\n$4\r\nAUTH\r\n$6\r\nsecret\r\n". nullopt: not whole, or none.
std::optional<Command> parse_command(std::string_view text) {
    const auto line = [&](std::size_t at, char kind) -> std::optional<std::pair<std::uint64_t, std::size_t>> {
        const std::size_t end = text.find("\r\n", at);
        if (end == std::string_view::npos || text[at] != kind) return std::nullopt;
        const auto number = number_of(text.substr(at + 1, end - at - 1));
        if (!number) return std::nullopt;
        return std::pair{*number, end + 2};
    };
    const auto count = line(0, '*');
    if (!count) return std::nullopt;
    Command out;
    std::size_t at = count->second;
    for (std::uint64_t i = 0; i < count->first; ++i) {
        if (at >= text.size()) return std::nullopt;
        const auto length = line(at, '$');
        if (!length || length->first > text.size() - length->second) return std::nullopt;
        if (out.words.size() < words_max) out.words.push_back(text.substr(length->second, length->first));
        at = length->second + length->first + 2;
    }
    out.size = std::min(at, text.size());
    return out;
}

bool is_word(std::string_view word, std::string_view upper) {
    return word.size() == upper.size() && std::equal(word.begin(), word.end(), upper.begin(), [](char a, char b) { return (a & ~0x20) == b; });
}

class Redis final : public Conversation {
  public:
    Progress take(const Piece& piece, flow::L7& l7) override {
        if (!piece.from_client) return Progress::more;
        const Span all = gathered_.with(piece.bytes, looked_at_max);
        std::string_view rest = text_of(all).substr(read_);
        while (commands_ < commands_max && !rest.empty()) {
            const auto command = parse_command(rest);
            if (!command || command->size == 0) break;
            take_command(command->words, l7);
            read_ += command->size;
            rest.remove_prefix(command->size);
            ++commands_;
        }
        // Who neither logs in nor introduces himself with the first command does not do so later.
        const bool over = commands_ >= commands_max || piece.cut > 0 || all.size() >= looked_at_max || (commands_ > 0 && !introduced_);
        if (!over) gathered_.keep(all);
        return over ? Progress::enough : Progress::more;
    }

  private:
    void take_command(const std::vector<std::string_view>& words, flow::L7& l7) {
        if (words.empty()) return;
        introduced_ = is_word(words[0], "AUTH") || is_word(words[0], "HELLO") || is_word(words[0], "SELECT") || is_word(words[0], "CLIENT");
        std::size_t auth = is_word(words[0], "AUTH") ? 0 : words.size();
        if (is_word(words[0], "HELLO")) {
            for (std::size_t i = 1; i < words.size(); ++i) {
                if (is_word(words[i], "AUTH")) auth = i;
            }
        }
        if (auth < words.size()) add_risk(l7, "clear_text_password");
        // A single word behind AUTH is a password, which is nobody's to keep.
        if (auth + 2 < words.size()) l7.user = bounded(words[auth + 1]);
        if (is_word(words[0], "SELECT") && words.size() > 1) l7.database = bounded(words[1]);
    }

    Gathered gathered_;
    std::size_t read_ = 0;
    int commands_ = 0;
    bool introduced_ = false;
};

}  // namespace

std::unique_ptr<Conversation> open_redis(bool) { return std::make_unique<Redis>(); }

bool is_redis_request(const Opening& opening) {
    constexpr std::uint64_t arguments_max = 1'000'000;
    const std::string_view text = text_of(opening.bytes).substr(0, 64);
    const std::size_t end = text.find("\r\n$");
    if (text.empty() || text[0] != '*' || end == std::string_view::npos) return false;
    const auto count = number_of(text.substr(1, end - 1));
    const std::size_t length_end = text.find("\r\n", end + 3);
    return count && *count > 0 && *count <= arguments_max && length_end != std::string_view::npos && number_of(text.substr(end + 3, length_end - end - 3));
}

}  // namespace bulkhead::l7
