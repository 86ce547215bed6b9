// SPDX-License-Identifier: Apache-2.0
// Kafka: only told from others (Kafka protocol guide, "Request header"): a number of the list of calls, a version, a client's name.
#include <algorithm>

#include "l7/protocols.h"

namespace bulkhead::l7 {

bool is_kafka_request(const Opening& opening) {
    constexpr std::uint16_t last_call = 92, version_max = 20;
    constexpr std::uint16_t name_max = 200;
    constexpr std::uint32_t request_bytes_max = 100U << 20;
    Bytes bytes(opening.bytes);
    const std::uint32_t length = bytes.u32();
    const std::uint16_t call = bytes.u16(), version = bytes.u16();
    bytes.skip(4);
    const std::uint16_t name_length = bytes.u16();
    if (!bytes.ok() || length < 10 || length > request_bytes_max || length + 4 < opening.wire_bytes || call > last_call || version > version_max) return false;
    constexpr std::uint16_t no_name = 0xffff;
    if (name_length == no_name || name_length == 0) return opening.to_port == 9092 && length + 4 == opening.wire_bytes;
    if (name_length > name_max || name_length + 10U > length) return false;
    const Span name = bytes.take(name_length);
    return bytes.ok() && std::ranges::all_of(name, [](std::uint8_t c) { return c > ' ' && c < 0x7f; });
}

}  // namespace bulkhead::l7
