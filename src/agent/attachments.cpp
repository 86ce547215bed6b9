// SPDX-License-Identifier: Apache-2.0
#include "agent/attachments.h"

#include <algorithm>

#include "base/json.h"
#include "host/interfaces.h"
#include "host/namespaces.h"

namespace bulkhead::agent {

namespace {

constexpr std::size_t overlay_digits = 10;  // of the network's id in its namespace's name, 1-0123456789 (libnetwork drivers/overlay)

std::uint64_t netns_of(world::Reader& reader, std::int64_t pid) {
    const auto reading = reader.read(world::namespaces_of(pid));
    if (!reading.present()) return 0;
    const auto namespaces = host::parse_namespaces(reading.bytes);
    return namespaces && namespaces->contains("net") ? static_cast<std::uint64_t>(namespaces->at("net")) : 0;
}

}  // namespace

Result<std::vector<Attachment>> attachments_of(std::string_view links, std::string_view addresses, const Holding& holding, const Spaces& spaces,
                                               const std::vector<NetworkFacts>& networks) {
    const auto all_links = host::parse_links(links);
    if (!all_links) return std::unexpected(all_links.error());
    const auto all_addresses = host::parse_addresses(addresses);
    if (!all_addresses) return std::unexpected(all_addresses.error());
    std::vector<Attachment> out;
    for (const host::Link& link : *all_links) {
        if (link.kind != "veth" || !link.peer_index || *link.peer_index <= 0) continue;
        for (const host::Address& address : *all_addresses) {
            if (address.interface_index != link.index) continue;
            const auto claim = std::ranges::find(holding.addresses, mapped_address(address.address), &Claim::address);
            if (claim == holding.addresses.end()) continue;
            const auto network = std::ranges::find(networks, claim->network_id, &NetworkFacts::id);
            std::uint64_t netns = spaces.engine;
            if (network != networks.end() && network->driver == "overlay") {
                const auto overlay = spaces.overlays.find(network->id);
                netns = overlay == spaces.overlays.end() ? 0 : overlay->second;
            }
            if (netns != 0) out.push_back({{netns, static_cast<std::uint32_t>(*link.peer_index)}, claim->network_id, claim->identity});
            break;
        }
    }
    return out;
}

std::vector<Attachment> read_attachments(world::Reader& reader, const std::string& container_id, std::int64_t pid, const Holding& holding, const Spaces& spaces,
                                         const std::vector<NetworkFacts>& networks) {
    if (pid <= 0 || holding.addresses.empty()) return {};
    // The engine's number may be of another pid namespace, or somebody else's by now: the control group says whose it is.
    const auto group = reader.read(world::file_at("/proc/" + std::to_string(pid) + "/cgroup"));
    if (!group.present() || group.bytes.find(container_id) == std::string::npos) return {};
    const auto links = reader.read(world::netlink_in("link", pid));
    const auto addresses = reader.read(world::netlink_in("address", pid));
    if (!links.present() || !addresses.present()) return {};
    return attachments_of(links.bytes, addresses.bytes, holding, spaces, networks).value_or(std::vector<Attachment>());
}

Spaces read_spaces(world::Reader& reader, const std::vector<NetworkFacts>& networks) {
    Spaces out;
    const auto process = reader.read(world::engine_process());
    const auto document = process.present() ? json::Document::parse(process.bytes) : Result<json::Document>(fail(Code::unavailable, process.reason));
    if (!document) return out;
    const std::int64_t pid = document->root()["pid"].integer_or(0);
    if (pid <= 0) return out;
    out.engine = netns_of(reader, pid);
    for (const NetworkFacts& network : networks) {
        if (network.driver != "overlay") continue;
        const auto stat = reader.read(world::stat_at("/run/docker/netns/1-" + network.id.substr(0, overlay_digits), pid));
        const auto facts = stat.present() ? json::Document::parse(stat.bytes) : Result<json::Document>(fail(Code::unavailable, stat.reason));
        if (facts) out.overlays[network.id] = static_cast<std::uint64_t>(facts->root()["ino"].integer_or(0));
    }
    return out;
}

}  // namespace bulkhead::agent
