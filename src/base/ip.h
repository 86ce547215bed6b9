// SPDX-License-Identifier: Apache-2.0
// Addresses and prefixes of both families as values. Text forms by RFC 4291 and RFC 5952 (inet_pton, inet_ntop). Any thread.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace bulkhead {

class IpAddress {
  public:
    static Result<IpAddress> parse(std::string_view text);
    static IpAddress v4(std::span<const std::uint8_t, 4> bytes);   // network order, as on the wire
    static IpAddress v6(std::span<const std::uint8_t, 16> bytes);  // network order, as on the wire

    [[nodiscard]] bool is_v4() const { return v4_; }
    [[nodiscard]] int bits() const { return v4_ ? 32 : 128; }
    [[nodiscard]] bool is_wildcard() const;  // 0.0.0.0 or ::
    [[nodiscard]] bool is_loopback() const;  // 127.0.0.0/8 or ::1
    [[nodiscard]] std::string text() const;
    [[nodiscard]] const std::array<std::uint8_t, 16>& bytes() const { return bytes_; }  // the first 4 for IPv4
    auto operator<=>(const IpAddress&) const = default;

  private:
    bool v4_ = true;
    std::array<std::uint8_t, 16> bytes_{};
};

class Prefix {
  public:
    static Result<Prefix> parse(std::string_view text);  // "10.0.0.0/8", "fd00::/64"; a bare address is a host prefix
    Prefix(IpAddress address, int length) : address_(address), length_(length) {}

    [[nodiscard]] const IpAddress& address() const { return address_; }
    [[nodiscard]] int length() const { return length_; }
    [[nodiscard]] bool contains(const IpAddress& address) const;
    [[nodiscard]] bool overlaps(const Prefix& other) const;  // one contains the other; prefixes cannot overlap otherwise
    [[nodiscard]] std::string text() const;                  // host bits cleared
    auto operator<=>(const Prefix&) const = default;

  private:
    IpAddress address_;
    int length_;
};

}  // namespace bulkhead
