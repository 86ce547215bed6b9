// SPDX-License-Identifier: Apache-2.0
// What makes packets one flow: both ends, the protocol and the overlay's network, whichever way the packet goes. Any thread.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>

#include "packet/packet.h"

namespace bulkhead::flow {

// Forty bytes without gaps, so that keys are compared and hashed as words. The lower end (address, then port) is `low`.
struct Key {
    packet::Address low{};  // IPv4 in its mapped form (RFC 4291, section 2.5.5.2), which is no address on a wire
    packet::Address high{};
    std::uint16_t low_port = 0;
    std::uint16_t high_port = 0;
    std::uint32_t network_and_protocol = 0;  // VXLAN network identifier << 8 | protocol; 0 is outside of any

    bool operator==(const Key& other) const;
    [[nodiscard]] std::uint8_t protocol() const { return static_cast<std::uint8_t>(network_and_protocol); }
    [[nodiscard]] std::uint32_t network() const { return network_and_protocol >> 8; }
};
static_assert(sizeof(Key) == 40 && std::has_unique_object_representations_v<Key>);

using KeyWords = std::array<std::uint64_t, 5>;

inline KeyWords words_of(const Key& key) { return std::bit_cast<KeyWords>(key); }

// By words and without a call: it is what a table does most.
inline bool Key::operator==(const Key& other) const {
    const KeyWords a = words_of(*this);
    const KeyWords b = words_of(other);
    return ((a[0] ^ b[0]) | (a[1] ^ b[1]) | (a[2] ^ b[2]) | (a[3] ^ b[3]) | (a[4] ^ b[4])) == 0;
}

// As memcmp orders them.
inline int order_of(const packet::Address& a, const packet::Address& b) {
    for (std::size_t half = 0; half < 16; half += 8) {
        std::uint64_t left, right;
        std::memcpy(&left, a.data() + half, 8);
        std::memcpy(&right, b.data() + half, 8);
        if (left != right) return __builtin_bswap64(left) < __builtin_bswap64(right) ? -1 : 1;
    }
    return 0;
}

struct Keyed {
    Key key;
    bool from_low;  // the packet goes from the low end to the high one
};

inline packet::Address mapped(const packet::Address& address, bool v4) {
    if (!v4) return address;
    packet::Address out{};
    out[10] = out[11] = 0xff;
    std::memcpy(out.data() + 12, address.data(), 4);
    return out;
}

inline bool is_mapped(const packet::Address& address) {
    constexpr packet::Address prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    return std::memcmp(address.data(), prefix.data(), 12) == 0;
}

inline Keyed key_of(const packet::Packet& packet, std::uint16_t source_port, std::uint16_t destination_port) {
    const packet::Address source = mapped(packet.source, packet.v4);
    const packet::Address destination = mapped(packet.destination, packet.v4);
    const int order = order_of(source, destination);
    const bool from_low = order < 0 || (order == 0 && source_port <= destination_port);
    Keyed out{{}, from_low};
    out.key.low = from_low ? source : destination;
    out.key.high = from_low ? destination : source;
    out.key.low_port = from_low ? source_port : destination_port;
    out.key.high_port = from_low ? destination_port : source_port;
    out.key.network_and_protocol = (packet.has_vni ? packet.vni << 8 : 0U) | packet.protocol;
    return out;
}

// Hostile senders choose their ports and addresses: without the seed they could fill one chain.
inline std::uint64_t hash(const Key& key, std::uint64_t seed) {
    std::uint64_t value = seed;
    for (const std::uint64_t word : words_of(key)) {
        const auto product = static_cast<std::uint64_t>((value ^ word) * 0x9e3779b97f4a7c15ULL);
        value = std::rotl(product, 29) ^ (product >> 32);
    }
    value *= 0xd6e8feb86659fd93ULL;
    return value ^ (value >> 32);
}

}  // namespace bulkhead::flow
