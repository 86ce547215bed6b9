// SPDX-License-Identifier: Apache-2.0
// One connection as the kernel's tracking knows it (linux/netfilter/nfnetlink_conntrack.h): as it began, and as answers come, which tells
// what was translated on the way. Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/ip.h"
#include "base/result.h"

namespace bulkhead::host {

struct Tuple {
    IpAddress source, destination;
    std::uint16_t source_port = 0, destination_port = 0;
    std::uint8_t protocol = 0;
    bool operator==(const Tuple&) const = default;
};

struct Tracked {
    Tuple original;  // as the first packet came
    Tuple reply;     // as answers to it come
};

// The body of a question for one connection, for netlink's ctnetlink bus: by how it began, or by how its answers come.
enum class By : std::uint8_t { original, reply };
std::string tracked_question(const Tuple& tuple, By by);
// The body of the answer (nfgenmsg and attributes). corrupt: cut short, or without its tuples.
Result<Tracked> parse_tracked(std::string_view body);

// The other addresses of the ends of a connection that was seen as `seen`.
struct Translation {
    struct End {
        IpAddress address;
        std::uint16_t port = 0;
        bool operator==(const End&) const = default;
    };
    std::optional<End> source;       // where the source stands on the other side of the host
    std::optional<End> destination;  // where the destination does
};
// Nothing where the connection is not translated, or is another one.
std::optional<Translation> translation(const Tracked& tracked, const Tuple& seen);

}  // namespace bulkhead::host
