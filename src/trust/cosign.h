// SPDX-License-Identifier: Apache-2.0
// Signatures as cosign stores them beside an image: a "simple signing" payload that names the image's digest, its signature, and with
// short-lived certificates a bundle by which a transparency log dates it (https://github.com/sigstore/cosign, specs/SIGNATURE_SPEC.md).
// Checked against keys and authorities that the user configured; nothing of the public Sigstore service is built in. Pure; any thread.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "trust/certificate.h"
#include "trust/notary.h"
#include "trust/public_key.h"

namespace bulkhead::trust {

struct CosignPolicy {
    std::vector<PublicKey> keys;
    std::vector<Certificate> roots;       // authorities of signing certificates
    std::vector<std::string> identities;  // whom a certificate must name (e-mail or URI, globs); needed with roots
    std::vector<PublicKey> rekor_keys;    // of transparency logs whose dates are believed

    [[nodiscard]] bool empty() const { return keys.empty() && roots.empty(); }
};

// One layer of the image's signature manifest (tag sha256-<digest>.sig).
struct CosignLayer {
    std::string digest;  // "sha256:..." of the payload
    std::map<std::string, std::string> annotations;
};

struct CosignSignature {
    std::string key_id;    // SHA-256 of the key or of the certificate, hex
    std::string signer;    // the certificate's identity; empty for keys
    UnixMs signed_at = 0;  // by a transparency log that is believed; 0: not known
};

inline constexpr std::size_t cosign_layers_max = 64;

// The layers of a signature manifest. corrupt: not one.
Result<std::vector<CosignLayer>> parse_cosign_manifest(std::string_view manifest);

// Whether one layer's payload says that `image_digest` ("sha256:...") was signed by somebody in the policy.
std::expected<CosignSignature, Refusal> check_cosign(const CosignLayer& layer, std::string_view payload, std::string_view image_digest,
                                                     const CosignPolicy& policy, UnixMs now);

// "sha256:ab.." -> "sha256-ab...sig": the tag under which cosign puts the signatures of an image.
std::string cosign_tag(std::string_view image_digest);

}  // namespace bulkhead::trust
