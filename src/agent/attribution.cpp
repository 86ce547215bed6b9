// SPDX-License-Identifier: Apache-2.0
#include "agent/attribution.h"

#include "flow/record_text.h"

namespace bulkhead::agent {

namespace {

// The network that the flow went over, by the ends: a container's endpoint says more than a gateway's, and both ends on one network most.
std::string network_between(const flow::Identity& source, const flow::Identity& destination) {
    if (source.network == destination.network) return source.network;
    for (const flow::Identity* one : {&source, &destination}) {
        if (one->who == flow::Who::container || one->who == flow::Who::peer) return one->network;
    }
    return source.network.empty() ? destination.network : source.network;
}

}  // namespace

flow::Observed attribute(const flow::Record& record, const Identities& identities, const SeenAt& seen) {
    flow::Observed out;
    out.record = record;
    out.source.identity = identities.sender(record.source(), record.first_ns, seen.source);
    out.destination.identity = identities.sender(record.destination(), record.first_ns, seen.destination);
    out.node = seen.node;
    out.encrypted = flow::encrypted(record);
    const auto overlay = record.key.network() == 0 ? std::nullopt : identities.network_of_vni(record.key.network());
    out.network = overlay ? overlay->name : network_between(*out.source.identity, *out.destination.identity);
    return out;
}

}  // namespace bulkhead::agent
