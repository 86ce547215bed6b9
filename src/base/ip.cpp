// SPDX-License-Identifier: Apache-2.0
#include "base/ip.h"

#include <arpa/inet.h>

#include <algorithm>

#include "base/text.h"

namespace bulkhead {

namespace {

bool same_bits(const std::array<std::uint8_t, 16>& a, const std::array<std::uint8_t, 16>& b, int bits) {
    const auto whole = static_cast<std::size_t>(bits / 8);
    if (!std::equal(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(whole), b.begin())) return false;
    const int rest = bits % 8;
    if (rest == 0) return true;
    const auto mask = static_cast<std::uint8_t>(0xFF << (8 - rest));
    return (a[whole] & mask) == (b[whole] & mask);
}

}  // namespace

Result<IpAddress> IpAddress::parse(std::string_view text) {
    const std::string terminated(text);
    IpAddress address;
    // inet_pton(3) reads up to the first zero byte: what follows it would be taken unseen.
    if (text.contains('\0')) return fail(Code::invalid_input, "not an IP address: " + text::printable(text));
    if (inet_pton(AF_INET, terminated.c_str(), address.bytes_.data()) == 1) return address;
    address.v4_ = false;
    if (inet_pton(AF_INET6, terminated.c_str(), address.bytes_.data()) == 1) return address;
    return fail(Code::invalid_input, "not an IP address: " + text::printable(text));
}

IpAddress IpAddress::v4(std::span<const std::uint8_t, 4> bytes) {
    IpAddress address;
    std::ranges::copy(bytes, address.bytes_.begin());
    return address;
}

IpAddress IpAddress::v6(std::span<const std::uint8_t, 16> bytes) {
    IpAddress address;
    address.v4_ = false;
    std::ranges::copy(bytes, address.bytes_.begin());
    return address;
}

bool IpAddress::is_wildcard() const {
    return std::ranges::all_of(bytes_, [](std::uint8_t byte) { return byte == 0; });
}

bool IpAddress::is_loopback() const {
    if (v4_) return bytes_[0] == 127;
    return std::all_of(bytes_.begin(), bytes_.end() - 1, [](std::uint8_t byte) { return byte == 0; }) && bytes_[15] == 1;
}

std::string IpAddress::text() const {
    std::array<char, INET6_ADDRSTRLEN> buffer{};
    inet_ntop(v4_ ? AF_INET : AF_INET6, bytes_.data(), buffer.data(), buffer.size());
    return buffer.data();
}

Result<Prefix> Prefix::parse(std::string_view text) {
    const std::size_t slash = text.find('/');
    const auto address = IpAddress::parse(text.substr(0, slash));
    if (!address) return std::unexpected(address.error());
    if (slash == std::string_view::npos) return Prefix(*address, address->bits());
    const std::string_view digits = text.substr(slash + 1);
    const auto length = text::to_integer(digits);
    if (!length || digits.starts_with('-') || *length > address->bits()) return fail(Code::invalid_input, "not a prefix: " + text::printable(text));
    return Prefix(*address, static_cast<int>(*length));
}

bool Prefix::contains(const IpAddress& address) const { return address.is_v4() == address_.is_v4() && same_bits(address.bytes(), address_.bytes(), length_); }

bool Prefix::overlaps(const Prefix& other) const {
    return address_.is_v4() == other.address_.is_v4() && same_bits(address_.bytes(), other.address_.bytes(), std::min(length_, other.length_));
}

std::string Prefix::text() const {
    auto bytes = address_.bytes();
    for (int bit = length_; bit < address_.bits(); ++bit) bytes[static_cast<std::size_t>(bit / 8)] &= static_cast<std::uint8_t>(~(0x80U >> (bit % 8)));
    const auto span = std::span<const std::uint8_t, 16>(bytes);
    const IpAddress network = address_.is_v4() ? IpAddress::v4(span.first<4>()) : IpAddress::v6(span);
    return network.text() + "/" + std::to_string(length_);
}

}  // namespace bulkhead
