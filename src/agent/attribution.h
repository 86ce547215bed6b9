// SPDX-License-Identifier: Apache-2.0
// A flow record with its meaning: who its ends were when it began, on which network. Pure over Identities; any thread.
#pragma once

#include "agent/identities.h"
#include "flow/observed.h"

namespace bulkhead::agent {

// Where the ends of a flow were seen, where that is known.
struct SeenAt {
    Place source, destination;
    std::string node;
};

// identities: who had the addresses at record.first_ns. network, encrypted and node are filled in; nothing else is.
flow::Observed attribute(const flow::Record& record, const Identities& identities, const SeenAt& seen = {});

}  // namespace bulkhead::agent
