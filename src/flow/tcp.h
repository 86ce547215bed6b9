// SPDX-License-Identifier: Apache-2.0
// What a TCP segment means for its flow: who began, round-trip times, what was sent again, who closed (RFC 9293, RFC 6298 section 3).
#pragma once

#include "flow/record.h"

namespace bulkhead::flow {

// Whether the segment begins another connection between the same ports than the record's.
bool begins_another(const Record& record, const packet::Packet& packet, int sender);

// sender: 0 the source, 1 the destination. Counts of packets and bytes are the caller's.
void follow_tcp(Record& record, const packet::Packet& packet, int sender, std::int64_t time_ns);

// Both have said that they are done.
bool is_over(const Record& record);

}  // namespace bulkhead::flow
