// SPDX-License-Identifier: Apache-2.0
// ESP (RFC 4303) opened for whoever has the keys: AES-GCM of RFC 4106 with check values of 8, 12 or 16 octets; Docker's encrypted
// overlays use 8. Sequence numbers of 32 bits only. Owned by one thread; the keys leave it by no way.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"

namespace bulkhead::packet {

inline constexpr std::size_t esp_keys_max = 4096;
inline constexpr std::size_t esp_keys_of_one_spi_max = 8;  // nodes choose them by themselves, so that they meet

struct EspKey {
    std::uint32_t spi = 0;
    std::uint32_t check_octets = 0;  // 8, 12 or 16
    std::string key;                 // 16, 24 or 32 octets, and behind them the four of the salt
};

struct EspCounts {
    std::uint64_t opened = 0;
    std::uint64_t unknown = 0;    // nobody gave a key for this SPI
    std::uint64_t wrong = 0;      // the check value is another: a wrong key, or bytes that somebody changed
    std::uint64_t cut = 0;        // not captured whole
    std::uint64_t malformed = 0;  // too short, or a padding that cannot be
};

class EspOpener {
  public:
    struct Opened {
        std::uint8_t next_header = 0;          // protocol of what was inside
        std::span<const std::uint8_t> inside;  // good until recycle()
    };

    EspOpener();
    ~EspOpener();
    EspOpener(const EspOpener&) = delete;
    EspOpener& operator=(const EspOpener&) = delete;

    Result<void> add(const EspKey& key);
    // esp: from the SPI to the end of the check value. wire_length: what there was of it on the wire.
    std::optional<Opened> open(std::span<const std::uint8_t> esp, std::uint32_t wire_length);
    // What was opened is not needed any more.
    void recycle() { used_ = 0; }
    [[nodiscard]] const EspCounts& counts() const { return counts_; }

  private:
    struct Association;
    bool decrypt(const Association& association, std::span<const std::uint8_t> esp, std::span<std::uint8_t> out) const;

    std::unordered_map<std::uint32_t, std::vector<std::unique_ptr<Association>>> associations_;
    std::size_t keys_ = 0;
    std::deque<std::vector<std::uint8_t>> plain_;  // used again and again
    std::size_t used_ = 0;
    EspCounts counts_;
};

// Keys as `ip xfrm state` prints them, or one a line: SPI, key with salt in hexadecimal digits, bits of the check value ("0x1234 0x00..ff 64").
// Errors: invalid_input with file, line and column.
Result<std::vector<EspKey>> parse_esp_keys(std::string_view text, const std::string& file);

}  // namespace bulkhead::packet
