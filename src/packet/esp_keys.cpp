// SPDX-License-Identifier: Apache-2.0
// Files of keys: `ip xfrm state` as it prints, and one key a line.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/text.h"
#include "packet/esp.h"

namespace bulkhead::packet {

namespace {

constexpr std::size_t file_bytes_max = 1U << 20U;
constexpr std::size_t key_octets_max = 36;

std::optional<std::uint32_t> number(std::string_view text) {
    const bool hexadecimal = text.starts_with("0x");
    if (hexadecimal) text.remove_prefix(2);
    const auto value = text::to_integer(text, hexadecimal ? 16 : 10);
    if (!value || *value < 0 || *value > UINT32_MAX) return std::nullopt;
    return static_cast<std::uint32_t>(*value);
}

std::optional<std::string> octets(std::string_view text) {
    if (text.starts_with("0x")) text.remove_prefix(2);
    if (text.empty() || text.size() % 2 != 0 || text.size() > 2 * key_octets_max) return std::nullopt;
    std::string out;
    for (std::size_t i = 0; i < text.size(); i += 2) {
        unsigned value = 0;
        const auto [end, error] = std::from_chars(text.data() + i, text.data() + i + 2, value, 16);
        if (error != std::errc{} || end != text.data() + i + 2) return std::nullopt;
        out += static_cast<char>(value);
    }
    return out;
}

class KeyFile {
  public:
    explicit KeyFile(const std::string& file) : file_(file) {}

    Result<std::vector<EspKey>> parse(std::string_view text) {
        for (const std::string_view line : text::lines(text)) {
            ++number_;
            line_ = line;
            const auto words = text::words(line);
            if (words.empty() || words[0].starts_with('#')) continue;
            if (auto read = read_line(words); !read) return std::unexpected(read.error());
            if (keys_.size() > esp_keys_max) return fail(Code::limit_exceeded, fmt::format("{}: more than {} keys", file_, esp_keys_max));
        }
        return std::move(keys_);
    }

  private:
    using Words = std::vector<std::string_view>;

    Result<void> read_line(const Words& words) {
        const auto spi = std::ranges::find(words, "spi");
        if (words[0] == "src" || words[0] == "proto" || spi != words.end()) {
            if (spi != words.end() && spi + 1 != words.end()) {
                spi_ = number(spi[1]);
                if (!spi_) return wrong(spi[1], "an SPI is a number below 2^32, as in 0x00001234");
            }
            return {};
        }
        if (words[0] == "aead") return read_aead(words);
        if (words[0] == "enc" || words[0] == "auth-trunc" || words[0] == "auth") return wrong(words[0], "only AES-GCM (aead rfc4106(gcm(aes))) can be opened");
        // The other lines of `ip xfrm state` begin with a word; a key begins with its SPI.
        if (words[0].front() < '0' || words[0].front() > '9') return {};
        if (words.size() != 3) return wrong(words[0], "a key is three words: SPI, key with salt, bits of the check value (64, 96 or 128)");
        spi_ = number(words[0]);
        if (!spi_) return wrong(words[0], "an SPI is a number below 2^32, as in 0x00001234");
        return take(words[1], words[2]);
    }

    Result<void> read_aead(const Words& words) {
        if (words.size() < 4 || words[1] != "rfc4106(gcm(aes))") return wrong(words[0], "only AES-GCM can be opened: aead rfc4106(gcm(aes)) KEY BITS");
        if (!spi_) return wrong(words[0], "a key before the line with its SPI");
        return take(words[2], words[3]);
    }

    Result<void> take(std::string_view key, std::string_view bits) {
        const auto value = octets(key);
        if (!value || (value->size() != 20 && value->size() != 28 && value->size() != 36))
            return wrong(key, "a key has 40, 56 or 72 hexadecimal digits, the eight of the salt among them", false);
        const auto check = number(bits);
        if (!check || (*check != 64 && *check != 96 && *check != 128)) return wrong(bits, "a check value has 64, 96 or 128 bits");
        keys_.push_back({*spi_, *check / 8, *value});
        spi_.reset();
        return {};
    }

    // shown: a key is told nobody.
    [[nodiscard]] std::unexpected<Error> wrong(std::string_view word, std::string_view allowed, bool shown = true) const {
        const std::string what = shown ? fmt::format("\"{}\": ", text::printable(word.substr(0, 40))) : "";
        return fail(Code::invalid_input, fmt::format("{}:{}:{}: {}{}", file_, number_, word.data() - line_.data() + 1, what, allowed));
    }

    const std::string& file_;
    std::vector<EspKey> keys_;
    std::optional<std::uint32_t> spi_;
    std::string_view line_;
    std::size_t number_ = 0;
};

}  // namespace

Result<std::vector<EspKey>> parse_esp_keys(std::string_view text, const std::string& file) {
    if (text.size() > file_bytes_max) return fail(Code::limit_exceeded, fmt::format("{}: more than {} bytes", file, file_bytes_max));
    return KeyFile(file).parse(text);
}

}  // namespace bulkhead::packet
