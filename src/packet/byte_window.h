// SPDX-License-Identifier: Apache-2.0
// Pieces of a wanted size out of a stream whose chunks fall as they fall. A piece that lies within a chunk is not copied.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "world/stream.h"

namespace bulkhead::packet {

class ByteWindow {
  public:
    explicit ByteWindow(std::unique_ptr<world::ByteStream> bytes) : bytes_(std::move(bytes)) {}

    // The next `size` bytes, good until the next call. Fewer where the stream ends before.
    Result<std::span<const std::uint8_t>> take(std::size_t size) {
        if (chunk_.size() >= size) {
            const auto* start = reinterpret_cast<const std::uint8_t*>(chunk_.data());
            chunk_.remove_prefix(size);
            offset_ += size;
            return std::span(start, size);
        }
        return assemble(size);
    }

    // What lies there already: taking it leaves pieces that were taken before as they are.
    [[nodiscard]] std::span<const std::uint8_t> held() const { return {reinterpret_cast<const std::uint8_t*>(chunk_.data()), chunk_.size()}; }

    Result<void> skip(std::uint64_t size);
    [[nodiscard]] std::uint64_t offset() const { return offset_; }

  private:
    Result<std::span<const std::uint8_t>> assemble(std::size_t size);
    Result<bool> refill();

    std::unique_ptr<world::ByteStream> bytes_;
    std::string_view chunk_;
    std::string pieced_;
    std::uint64_t offset_ = 0;
};

// Integers in the byte order that a file says it has; the caller checked the size.
class ByteOrder {
  public:
    explicit ByteOrder(bool swapped = false) : swapped_(swapped) {}
    [[nodiscard]] std::uint16_t u16(std::span<const std::uint8_t> at, std::size_t offset) const {
        std::uint16_t value;
        __builtin_memcpy(&value, at.data() + offset, sizeof value);
        return swapped_ ? __builtin_bswap16(value) : value;
    }
    [[nodiscard]] std::uint32_t u32(std::span<const std::uint8_t> at, std::size_t offset) const {
        std::uint32_t value;
        __builtin_memcpy(&value, at.data() + offset, sizeof value);
        return swapped_ ? __builtin_bswap32(value) : value;
    }
    [[nodiscard]] std::uint64_t u64(std::span<const std::uint8_t> at, std::size_t offset) const {
        std::uint64_t value;
        __builtin_memcpy(&value, at.data() + offset, sizeof value);
        return swapped_ ? __builtin_bswap64(value) : value;
    }

  private:
    bool swapped_;
};

}  // namespace bulkhead::packet
