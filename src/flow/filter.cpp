// SPDX-License-Identifier: Apache-2.0
#include "flow/filter.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "flow/record_text.h"

namespace bulkhead::flow {

namespace {

bool any_holds(const std::vector<Prefix>& prefixes, const IpAddress& address) {
    return std::ranges::any_of(prefixes, [&](const Prefix& prefix) { return prefix.contains(address); });
}

template <class T>
bool allows(const std::vector<T>& wanted, T value) {
    return wanted.empty() || std::ranges::find(wanted, value) != wanted.end();
}

}  // namespace

IpAddress address_of(const packet::Address& mapped) {
    if (is_mapped(mapped)) return IpAddress::v4(std::span<const std::uint8_t, 4>(mapped.data() + 12, 4));
    return IpAddress::v6(mapped);
}

bool Filter::takes(const Record& record) const {
    const auto holds = [&] {
        const IpAddress source = address_of(record.source());
        const IpAddress destination = address_of(record.destination());
        if (!either.empty() && !any_holds(either, source) && !any_holds(either, destination)) return false;
        if (!from.empty() && !any_holds(from, source)) return false;
        if (!to.empty() && !any_holds(to, destination)) return false;
        if (!ports.empty() && !allows(ports, record.source_port()) && !allows(ports, record.destination_port())) return false;
        return allows(to_ports, record.destination_port()) && allows(protocols, record.key.protocol()) && allows(networks, record.key.network());
    };
    return holds() != inverted;
}

Result<std::uint8_t> parse_protocol(std::string_view text) {
    if (const auto number = text::to_integer(text); number && *number >= 0 && *number <= 255) return static_cast<std::uint8_t>(*number);
    const std::string wanted = text::lower(text);
    for (int protocol = 0; protocol < 256; ++protocol) {
        if (protocol_name(static_cast<std::uint8_t>(protocol)) == wanted) return static_cast<std::uint8_t>(protocol);
    }
    return fail(Code::invalid_input,
                fmt::format("\"{}\" is no protocol: tcp, udp, icmp, icmp6, sctp, esp, gre, udplite, or a number to 255", text::printable(text)));
}

}  // namespace bulkhead::flow
