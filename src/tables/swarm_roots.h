// SPDX-License-Identifier: Apache-2.0
// The root certificates of the Swarm the engine is in, as the swarm_* tables judge by them.
#pragma once

#include <optional>
#include <string>

#include "tables/facts.h"
#include "tables/table.h"

namespace bulkhead::tables {

struct SwarmRoots {
    std::string pem;
    std::string locator;
};

// On a manager those of GET /swarm, TLSInfo.TrustRoot; elsewhere the file that dockerd keeps in its data root (swarm/certificates/swarm-root-ca.crt;
// swarmkit ca/config.go). What cannot be read is told to the scan.
std::optional<SwarmRoots> swarm_roots(Scan& scan, const engine::Info& info);

// A file of that folder, read in the engine's root.
std::optional<SwarmRoots> swarm_certificate_file(Scan& scan, const engine::Info& info, const std::string& name);

}  // namespace bulkhead::tables
