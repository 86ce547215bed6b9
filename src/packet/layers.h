// SPDX-License-Identifier: Apache-2.0
// One step of decoding per kind of layer. Each reads its own header at the cursor, steps over it, and says what comes next.
#pragma once

#include "packet/cursor.h"
#include "packet/packet.h"

namespace bulkhead::packet {

enum class Next : std::uint8_t {
    ethernet,   // a MAC header
    ethertype,  // what Step::type says
    ip,         // version by its first bits
    transport,  // Packet::protocol says which
    done,
    failed,  // Step::outcome says why
};

struct Step {
    Next next = Next::done;
    std::uint16_t type = 0;         // EtherType, with Next::ethertype
    Outcome outcome = Outcome::ip;  // with Next::failed
};

inline Step failed(Outcome outcome) { return {Next::failed, 0, outcome}; }

Step start(Link link, Cursor& at);
Step read_ethernet(Cursor& at);
Step read_ethertype(std::uint16_t type, Cursor& at, Packet& packet);
Step read_ip(Cursor& at, Packet& packet);
Step read_transport(Cursor& at, const DecodeOptions& options, Packet& packet);

// Keeps the addresses of the outermost tunnel and makes place for those inside.
void enter_tunnel(Packet& packet);

}  // namespace bulkhead::packet
