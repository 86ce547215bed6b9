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

// Parts of both, for texts of more than a record.
void append_tcp_json(std::string& out, const Record& record);  // ,"tcp":{...}
bool has_ports(const Record& record);
std::string tcp_flags_text(const Record& record);                                          // "FSPA/SA": what source and destination sent
std::int64_t round_trip_ns(const Record& record);                                          // -1: not measured
std::string size_text(std::uint64_t bytes);                                                // "3.4 kB"
std::string end_text(const packet::Address& address, std::uint16_t port, bool has_ports);  // "10.0.0.1:443", "[fd00::1]:443"
std::string clock_text(std::int64_t ns);                                                   // "12:00:00.123"
std::string_view name(Side side);

std::string address_text(const packet::Address& mapped);  // as in keys: IPv4 in its mapped form
std::string protocol_name(std::uint8_t protocol);         // "tcp", "udp", ...; the number where it has no name here
// nullopt: nothing on the wire tells. true: ESP. false: an overlay's frame that could be read.
std::optional<bool> encrypted(const Record& record);

}  // namespace bulkhead::flow
