// SPDX-License-Identifier: Apache-2.0
// Which ports a later fragment belongs to: those of the first with its identification (RFC 791; RFC 8200, section 4.5). A small memory
// in which newer ones push older ones out.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "packet/packet.h"

namespace bulkhead::flow {

struct Ports {
    std::uint16_t source = 0;
    std::uint16_t destination = 0;
};

class Fragments {
  public:
    void remember(const packet::Packet& first);
    [[nodiscard]] std::optional<Ports> ports_of(const packet::Packet& later) const;

  private:
    struct Entry {
        packet::Address source{};
        packet::Address destination{};
        std::uint32_t id = 0;
        std::uint8_t protocol = 0;
        bool used = false;
        bool v4 = false;
        Ports ports;
    };
    static constexpr std::size_t slots = 4096;  // a power of two
    static std::size_t slot_of(const packet::Packet& packet);
    static bool matches(const Entry& entry, const packet::Packet& packet);
    std::vector<Entry> entries_;  // made with the first fragment: most traffic has none
};

}  // namespace bulkhead::flow
