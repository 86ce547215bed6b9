// SPDX-License-Identifier: Apache-2.0
// How protocols are told by the first bytes that one side sends: a table (signatures.cpp), one row for each way to begin. Pure.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "l7/bytes.h"
#include "l7/conversation.h"

namespace bulkhead::l7 {

enum class Transport : std::uint8_t { tcp, udp, both };
enum class Speaker : std::uint8_t {
    client,  // who speaks so asks
    server,  // who speaks so answers
    port,    // the end at the port is the server; where no port tells, the speaker is the client
};

// The first payload of one side.
struct Opening {
    Span bytes;
    std::uint32_t wire_bytes = 0;
    std::uint16_t from_port = 0;
    std::uint16_t to_port = 0;
    bool tcp = true;
    [[nodiscard]] bool has_port(std::uint16_t port) const { return from_port == port || to_port == port; }
};

struct Signature {
    std::string_view name;
    Transport transport = Transport::tcp;
    Speaker speaker = Speaker::client;
    std::array<std::uint16_t, 4> ports{};  // one of them must be at an end; none: wherever it is
    // Bytes from the first one on: 'text', two hex digits, or .. for any byte; blanks between them. Those without a certain first byte
    // are tried on everything.
    std::string_view pattern;
    bool (*check)(const Opening&) = nullptr;                // what a pattern cannot tell
    std::unique_ptr<Conversation> (*open)(bool) = nullptr;  // who listens on; null: the name is all that is learned. true: TCP
};

struct Recognised {
    const Signature* signature = nullptr;  // null: nobody's
    bool sender_is_client = true;
};

std::span<const Signature> signatures();
Recognised recognise(const Opening& opening);

}  // namespace bulkhead::l7
