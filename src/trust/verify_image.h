// SPDX-License-Identifier: Apache-2.0
// All signatures of one image in its registry, judged by a policy. Reads through the world; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "trust/policy.h"
#include "world/world.h"

namespace bulkhead::trust {

struct SignatureVerdict {
    std::string kind;   // cosign, notary
    std::string state;  // trusted, absent, invalid, untrusted, expired, unreadable
    std::string key_id;
    std::string signer;  // identity of a certificate, or role of a notary
    std::string tag;     // under which a notary signed it
    UnixMs signed_at = 0;
    UnixMs expires = 0;
    std::string reason;
    std::string locator;
};

// `repository` is the full name, `digest` the one that the registry knows the image by ("sha256:..."). At least one verdict for each
// kind that the policy names. Unreadable is a verdict of its own: nothing follows from it.
std::vector<SignatureVerdict> verify_image(world::World& world, const RepositoryPolicy& policy, const std::string& repository, const std::string& digest);

}  // namespace bulkhead::trust
