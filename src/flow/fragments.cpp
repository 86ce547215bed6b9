// SPDX-License-Identifier: Apache-2.0
#include "flow/fragments.h"

#include <cstring>

namespace bulkhead::flow {

std::size_t Fragments::slot_of(const packet::Packet& packet) {
    std::uint64_t words[4];
    std::memcpy(words, packet.source.data(), 16);
    std::memcpy(words + 2, packet.destination.data(), 16);
    std::uint64_t value = packet.fragment_id * 0x9e3779b97f4a7c15ULL;
    for (const std::uint64_t word : words) value = (value ^ word) * 0xd6e8feb86659fd93ULL ^ (value >> 29);
    return (value >> 32) & (slots - 1);
}

bool Fragments::matches(const Entry& entry, const packet::Packet& packet) {
    return entry.used && entry.id == packet.fragment_id && entry.protocol == packet.protocol && entry.v4 == packet.v4 && entry.source == packet.source &&
           entry.destination == packet.destination;
}

void Fragments::remember(const packet::Packet& first) {
    if (entries_.empty()) entries_.resize(slots);
    entries_[slot_of(first)] = {
        first.source, first.destination, first.fragment_id, first.protocol, true, first.v4, {first.source_port, first.destination_port}};
}

std::optional<Ports> Fragments::ports_of(const packet::Packet& later) const {
    if (entries_.empty()) return std::nullopt;
    const Entry& entry = entries_[slot_of(later)];
    return matches(entry, later) ? std::optional(entry.ports) : std::nullopt;
}

}  // namespace bulkhead::flow
