// SPDX-License-Identifier: Apache-2.0
// All frames of a network namespace, as its interfaces see them: a packet socket with a ring that the kernel fills (packet(7), TPACKET_V3).
// Only ever listens. Owned by one thread.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "world/live/fd.h"

namespace bulkhead::world {

struct TapFrame {
    std::span<const std::uint8_t> bytes;  // with its VLAN tag, which the kernel keeps beside it; good during the call
    std::uint32_t wire_length = 0;
    std::int64_t time_ns = 0;
    int interface = 0;       // index in the namespace
    std::uint16_t type = 0;  // ARPHRD_ number of the interface
    bool outgoing = false;
};

struct TapInterface {
    int index = 0;
    std::string name;
    std::uint16_t type = 0;
    bool loopback = false;
};

struct TapOptions {
    std::int64_t netns_pid = 0;  // of a process in the namespace; 0: ours
    std::uint32_t snap_length = 262'144;
    std::size_t ring_bytes = 8UL << 20U;
    // Instructions of classic BPF, 8 bytes each, as struct sock_filter is; empty: all frames.
    std::vector<std::uint64_t> filter;
};

struct TapCounts {
    std::uint64_t received = 0;  // that passed the filter
    std::uint64_t dropped = 0;   // of them, for want of place in the ring
};

class PacketTap {
  public:
    // permission_denied, not_found (no such process), unsupported.
    static Result<PacketTap> open(const TapOptions& options);
    PacketTap(PacketTap&& other) noexcept;
    PacketTap& operator=(PacketTap&&) = delete;
    ~PacketTap();

    // To wait on: readable when there is something to take.
    [[nodiscard]] int fd() const { return socket_.get(); }
    // Hands over what is there, in order; false as soon as `taken` has had enough.
    bool take(const std::function<bool(const TapFrame&)>& taken);
    TapCounts counts();
    // As they are now; of one that came later nothing but its index may be known.
    [[nodiscard]] const std::vector<TapInterface>& interfaces() const { return interfaces_; }

  private:
    PacketTap() = default;
    Fd socket_;
    std::uint8_t* ring_ = nullptr;
    std::size_t ring_bytes_ = 0;
    std::size_t block_ = 0;
    std::size_t blocks_ = 0;
    std::uint32_t snap_length_ = 0;
    TapCounts counts_;
    std::vector<TapInterface> interfaces_;
    std::vector<std::uint8_t> retagged_;
};

}  // namespace bulkhead::world
