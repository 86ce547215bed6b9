// SPDX-License-Identifier: Apache-2.0
// One DNS message (RFC 1035): its first question and its answers. Pointers only lead back and only so often. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "l7/bytes.h"

namespace bulkhead::l7 {

inline constexpr std::size_t dns_answers_max = 16;  // kept of one message

struct DnsMessage {
    std::uint16_t id = 0;
    bool is_response = false;
    int rcode = 0;
    bool truncated = false;  // the answer goes on over TCP
    std::string name;        // lower case, without the last dot; bytes that are not printable as \ddd (RFC 1035, section 5.1)
    std::uint16_t type = 0;
    std::vector<std::string> answers;
    std::uint32_t ttl = 0;
    bool loop_pointer = false;  // a name points at itself, forward, or too often
    bool malformed = false;     // counts or lengths lead out of the message although it is whole
};

// nullopt: no DNS message with a question. whole: no bytes of it are missing.
std::optional<DnsMessage> parse_dns(Span bytes, bool whole);

}  // namespace bulkhead::l7
