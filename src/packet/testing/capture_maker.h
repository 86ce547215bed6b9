// SPDX-License-Identifier: Apache-2.0
// Captures and packets for tests, written by the letter of their formats and not with the readers' help.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "packet/packet.h"
#include "world/stream.h"

namespace bulkhead::packet::made {

// Bytes in chunks of one size.
class Pieces final : public world::ByteStream {
  public:
    Pieces(std::string bytes, std::size_t piece) : bytes_(std::move(bytes)), piece_(piece) {}
    Result<std::string_view> next() override {
        const std::string_view out = std::string_view(bytes_).substr(at_, piece_);
        at_ += out.size();
        return out;
    }

  private:
    std::string bytes_;
    std::size_t piece_;
    std::size_t at_ = 0;
};

inline std::string little(std::uint64_t value, int bytes) {
    std::string out;
    for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i) & 0xff);
    return out;
}
inline std::string big(std::uint64_t value, int bytes) {
    std::string out;
    for (int i = bytes; i-- > 0;) out += static_cast<char>(value >> (8 * i) & 0xff);
    return out;
}

// "45 00 .." to bytes; anything but hex digits is for the reader.
inline std::string hex(std::string_view text) {
    std::string out;
    int half = -1;
    for (const char c : text) {
        const int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
        if (digit < 0) continue;
        if (half < 0) {
            half = digit;
        } else {
            out += static_cast<char>(half << 4 | digit);
            half = -1;
        }
    }
    return out;
}

inline std::string pcap_header(std::uint32_t magic = 0xa1b2c3d4, int link_type = 1) {
    return little(magic, 4) + little(2, 2) + little(4, 2) + little(0, 8) + little(65535, 4) + little(static_cast<std::uint64_t>(link_type), 4);
}
inline std::string pcap_record(std::uint32_t seconds, std::uint32_t ticks, const std::string& bytes, std::uint32_t wire = 0) {
    return little(seconds, 4) + little(ticks, 4) + little(bytes.size(), 4) + little(wire == 0 ? bytes.size() : wire, 4) + bytes;
}

inline std::string ethernet(const std::string& type, const std::string& rest) { return hex("02 00 00 00 00 02 02 00 00 00 00 01") + hex(type) + rest; }

// 10.0.0.1 to 10.0.0.2; fragment is the field of flags and offset.
inline std::string ipv4(int protocol, const std::string& rest, std::uint16_t fragment = 0, const std::string& addresses = "0a000001 0a000002", int total = -1) {
    return hex("45 00") + big(static_cast<std::uint64_t>(total >= 0 ? total : static_cast<int>(20 + rest.size())), 2) + hex("12 34") + big(fragment, 2) +
           hex("40") + big(static_cast<std::uint64_t>(protocol), 1) + hex("00 00") + hex(addresses) + rest;
}
inline std::string ipv6(int next, const std::string& rest) {
    return hex("60 00 00 00") + big(rest.size(), 2) + big(static_cast<std::uint64_t>(next), 1) + hex("40") +
           hex("fd000000000000000000000000000001 fd000000000000000000000000000002") + rest;
}
inline std::string tcp(int source, int destination, int flags, const std::string& payload = "", int words = 5) {
    return big(static_cast<std::uint64_t>(source), 2) + big(static_cast<std::uint64_t>(destination), 2) + hex("00000064 000000c8") +
           big(static_cast<std::uint64_t>(words) << 4, 1) + big(static_cast<std::uint64_t>(flags), 1) + hex("7210 0000 0000") + payload;
}
inline std::string udp(int source, int destination, const std::string& payload) {
    return big(static_cast<std::uint64_t>(source), 2) + big(static_cast<std::uint64_t>(destination), 2) + big(8 + payload.size(), 2) + hex("0000") + payload;
}
inline std::string vxlan(std::uint32_t vni, const std::string& frame) { return hex("08 000000") + big(vni, 3) + hex("00") + frame; }

inline std::span<const std::uint8_t> bytes_of(const std::string& text) { return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}; }

}  // namespace bulkhead::packet::made
