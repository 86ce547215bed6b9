// SPDX-License-Identifier: Apache-2.0
// Reading from bytes of which none may be trusted: what lies behind the end is read as zero, and ok() is false from then on. So a parser
// reads a whole structure and asks once.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string_view>

namespace bulkhead::l7 {

using Span = std::span<const std::uint8_t>;

inline std::string_view text_of(Span bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }
inline Span span_of(std::string_view text) { return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}; }

class Bytes {
  public:
    explicit Bytes(Span bytes) : bytes_(bytes) {}

    [[nodiscard]] bool ok() const { return ok_; }
    [[nodiscard]] std::size_t left() const { return bytes_.size() - at_; }
    [[nodiscard]] std::size_t at() const { return at_; }
    [[nodiscard]] Span rest() const { return bytes_.subspan(at_); }

    std::uint8_t u8() { return static_cast<std::uint8_t>(number(1)); }
    std::uint16_t u16() { return static_cast<std::uint16_t>(number(2)); }
    std::uint32_t u24() { return static_cast<std::uint32_t>(number(3)); }
    std::uint32_t u32() { return static_cast<std::uint32_t>(number(4)); }
    std::uint32_t little16() { return static_cast<std::uint32_t>(little(2)); }
    std::uint32_t little24() { return static_cast<std::uint32_t>(little(3)); }
    std::uint32_t little32() { return static_cast<std::uint32_t>(little(4)); }

    // Exactly so many, or none and not ok.
    Span take(std::size_t count) {
        if (count > left()) return fail();
        const Span out = bytes_.subspan(at_, count);
        at_ += count;
        return out;
    }
    // What is there of so many: ok stays true. For values of which the beginning is worth having.
    Span take_up_to(std::size_t count) { return take(std::min(count, left())); }
    void skip(std::size_t count) { take(count); }
    // Up to a zero byte, which is read as well.
    std::string_view zero_terminated() {
        const auto found = std::find(bytes_.begin() + static_cast<std::ptrdiff_t>(at_), bytes_.end(), std::uint8_t{0});
        if (found == bytes_.end()) {
            fail();
            return {};
        }
        const Span out = take(static_cast<std::size_t>(found - bytes_.begin()) - at_);
        ++at_;
        return text_of(out);
    }

  private:
    Span fail() {
        ok_ = false;
        at_ = bytes_.size();
        return {};
    }
    std::uint64_t number(std::size_t count) {
        std::uint64_t out = 0;
        for (const std::uint8_t byte : take(count)) out = out << 8 | byte;
        return out;
    }
    std::uint64_t little(std::size_t count) {
        std::uint64_t out = 0;
        const Span bytes = take(count);
        for (std::size_t i = bytes.size(); i-- > 0;) out = out << 8 | bytes[i];
        return out;
    }
    Span bytes_;
    std::size_t at_ = 0;
    bool ok_ = true;
};

}  // namespace bulkhead::l7
