// SPDX-License-Identifier: Apache-2.0
#include "flow/identity.h"

#include "flow/observed.h"

namespace bulkhead::flow {

std::string_view name(Who who) {
    switch (who) {
        case Who::unknown: return "unknown";
        case Who::container: return "container";
        case Who::peer: return "peer";
        case Who::service: return "service";
        case Who::gateway: return "gateway";
        case Who::host: return "host";
        case Who::node: return "node";
        case Who::external: return "external";
    }
    return "unknown";
}

std::string_view name(Verdict verdict) {
    switch (verdict) {
        case Verdict::allow: return "allow";
        case Verdict::deny: return "deny";
        case Verdict::audit: return "audit";
    }
    return "allow";
}

std::string Identity::group() const {
    if (!service.empty()) return project.empty() ? service : project + "/" + service;
    if (!container.empty()) return container;
    if (who == Who::gateway && !network.empty()) return std::string(name(who)) + " of " + network;
    if (who == Who::node && !node.empty()) return "node " + node;
    return std::string(name(who));
}

}  // namespace bulkhead::flow
