// SPDX-License-Identifier: Apache-2.0
// The outer ends of a container's interfaces, by what its own network namespace says of them: each veth names its peer's index, and its
// address tells the network, hence the namespace in which the peer lives. Pure but for read_attachments.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "agent/identities.h"
#include "world/reader.h"

namespace bulkhead::agent {

// Inodes of the network namespaces in which bridges live; 0: not known.
struct Spaces {
    std::uint64_t engine = 0;
    std::map<std::string, std::uint64_t> overlays;  // by network id: an overlay has a namespace of its own
};

// links, addresses: rtnetlink dumps of the container's namespace. What is not a veth, or has no address of the holding's, is left out.
Result<std::vector<Attachment>> attachments_of(std::string_view links, std::string_view addresses, const Holding& holding, const Spaces& spaces,
                                               const std::vector<NetworkFacts>& networks);

// Of the container with this main process; none where the process is another's by now, or cannot be looked at.
std::vector<Attachment> read_attachments(world::Reader& reader, const std::string& container_id, std::int64_t pid, const Holding& holding, const Spaces& spaces,
                                         const std::vector<NetworkFacts>& networks);
Spaces read_spaces(world::Reader& reader, const std::vector<NetworkFacts>& networks);

}  // namespace bulkhead::agent
