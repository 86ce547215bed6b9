// SPDX-License-Identifier: Apache-2.0
// Walks netlink messages and their attributes (netlink(7)) without ever looking beyond the bytes that are there. The lengths in
// them are taken for claims. Values are views into the bytes given. Any thread.
#pragma once

#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/ip.h"
#include "base/result.h"

namespace bulkhead::host {

inline constexpr std::size_t netlink_messages_max = 2'000'000;
inline constexpr std::size_t netlink_attributes_max = 4096;  // of one message or one nested attribute

struct Message {
    std::uint16_t type = 0;
    std::string_view payload;
};

// corrupt: a message cut short or with a length that does not fit.
Result<std::vector<Message>> parse_messages(std::string_view bytes);

// The fixed header in front of the attributes; nothing where the payload is shorter than it.
template <class Header>
std::optional<Header> header_of(std::string_view payload) {
    static_assert(std::is_trivially_copyable_v<Header>);
    if (payload.size() < sizeof(Header)) return std::nullopt;
    Header header;
    std::memcpy(&header, payload.data(), sizeof header);
    return header;
}

class Attributes {
  public:
    // The attributes in `payload` behind a fixed header of `header_bytes`. corrupt: cut short, or a length that does not fit.
    static Result<Attributes> parse(std::string_view payload, std::size_t header_bytes = 0);

    [[nodiscard]] std::optional<std::string_view> bytes(std::uint16_t type) const;
    [[nodiscard]] std::optional<std::string> text(std::uint16_t type) const;  // up to the first NUL
    [[nodiscard]] std::optional<std::uint8_t> u8(std::uint16_t type) const { return number<std::uint8_t>(type); }
    [[nodiscard]] std::optional<std::uint16_t> u16(std::uint16_t type) const { return number<std::uint16_t>(type); }
    [[nodiscard]] std::optional<std::uint32_t> u32(std::uint16_t type) const { return number<std::uint32_t>(type); }
    [[nodiscard]] std::optional<std::int32_t> i32(std::uint16_t type) const { return number<std::int32_t>(type); }
    // An address of 4 or 16 bytes.
    [[nodiscard]] std::optional<IpAddress> address(std::uint16_t type) const;

  private:
    template <class Number>
    [[nodiscard]] std::optional<Number> number(std::uint16_t type) const {
        const auto found = bytes(type);
        return found && found->size() == sizeof(Number) ? header_of<Number>(*found) : std::nullopt;
    }
    std::vector<std::pair<std::uint16_t, std::string_view>> items_;
};

// An address in network order: 4 bytes for AF_INET, 16 for AF_INET6; nothing for other families or too few bytes.
std::optional<IpAddress> address_of(int family, std::string_view bytes);

}  // namespace bulkhead::host
