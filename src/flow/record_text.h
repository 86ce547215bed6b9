// SPDX-License-Identifier: Apache-2.0
// A flow as text: one JSON object on one line (schema bulkhead.flow/1), or one compact line for people. What is not known is left out.
// Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "flow/record.h"

namespace bulkhead::flow {

inline constexpr std::string_view record_schema = "bulkhead.flow/1";

void append_json(std::string& out, const Record& record);  // without the line's end
void append_compact(std::string& out,
                    const Record& record);  // "12:00:00.123 tcp 10.0.0.1:40000 -> 10.0.0.2:443 12/10 packets 3.4 kB/120.0 kB rtt 1.2 ms closed"

std::string address_text(const packet::Address& mapped);  // as in keys: IPv4 in its mapped form
std::string protocol_name(std::uint8_t protocol);         // "tcp", "udp", ...; the number where it has no name here
// nullopt: nothing on the wire tells. true: ESP. false: an overlay's frame that could be read.
std::optional<bool> encrypted(const Record& record);

}  // namespace bulkhead::flow
