// SPDX-License-Identifier: Apache-2.0
// The YAML in which the user says whose signatures count for which images (docs/signatures.md shows the form). Key and certificate
// files are named relative to it. Any thread.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "trust/policy.h"

namespace bulkhead::audit {

struct TrustServer {
    std::string base;     // "https://registry.example.org:5000"
    std::string ca_file;  // PEM; empty: the system's
};

struct TrustFile {
    trust::Policy policy;
    std::vector<TrustServer> servers;  // all that may be asked
};

// invalid_input: "FILE:LINE:COLUMN: what is wrong".
bulkhead::Result<TrustFile> load_trust_file(const std::string& path);

}  // namespace bulkhead::audit
