// SPDX-License-Identifier: Apache-2.0
// Where in a frame the decoders are: what is left of the captured bytes, and of those on the wire. Every read is behind a check of
// `has`; both counts only ever shrink.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <span>

namespace bulkhead::packet {

class Cursor {
  public:
    Cursor(std::span<const std::uint8_t> captured, std::uint32_t on_wire)
        : at_(captured.data()), captured_(static_cast<std::uint32_t>(captured.size())), on_wire_(std::max(on_wire, captured_)) {}

    [[nodiscard]] bool has(std::uint32_t bytes) const { return bytes <= captured_; }
    [[nodiscard]] std::uint32_t captured() const { return captured_; }
    [[nodiscard]] std::uint32_t on_wire() const { return on_wire_; }
    [[nodiscard]] std::span<const std::uint8_t> rest() const { return {at_, captured_}; }

    // Big-endian values `offset` bytes on; the caller asked has(offset + size).
    [[nodiscard]] std::uint8_t u8(std::uint32_t offset) const { return at_[offset]; }
    [[nodiscard]] std::uint16_t u16(std::uint32_t offset) const { return static_cast<std::uint16_t>(at_[offset] << 8 | at_[offset + 1]); }
    [[nodiscard]] std::uint32_t u32(std::uint32_t offset) const { return static_cast<std::uint32_t>(u16(offset)) << 16 | u16(offset + 2); }
    void copy(std::uint32_t offset, std::uint8_t* to, std::uint32_t bytes) const { std::memcpy(to, at_ + offset, bytes); }

    // Steps over bytes that were captured.
    void skip(std::uint32_t bytes) {
        at_ += bytes;
        captured_ -= bytes;
        on_wire_ -= bytes;
    }

    // Steps over bytes of which the capture may lack some.
    void skip_up_to(std::uint32_t bytes) {
        const std::uint32_t there = std::min(bytes, captured_);
        at_ += there;
        captured_ -= there;
        on_wire_ -= std::min(bytes, on_wire_);
        on_wire_ = std::max(on_wire_, captured_);
    }

    // What lies behind belongs to somebody else: padding, checks.
    void limit(std::uint32_t bytes) {
        on_wire_ = std::min(on_wire_, bytes);
        captured_ = std::min(captured_, on_wire_);
    }

  private:
    const std::uint8_t* at_;
    std::uint32_t captured_;
    std::uint32_t on_wire_;
};

}  // namespace bulkhead::packet
