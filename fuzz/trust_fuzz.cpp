// SPDX-License-Identifier: Apache-2.0
// Signed metadata of notaries, cosign manifests and payloads, certificates and keys: none may crash, and a canonical form is its own.
#include <string_view>

#include "base/check.h"
#include "fuzz/input.h"
#include "trust/canonical_json.h"
#include "trust/certificate.h"
#include "trust/cosign.h"
#include "trust/notary.h"
#include "world/live/registry_client.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace bulkhead;
    using namespace bulkhead::trust;
    const std::string_view input = fuzz::text_of(data, size);
    if (const auto value = parse_json(input)) {
        if (const auto once = canonical_json(*value)) {
            // Control bytes stay as they are in the canonical form, which JSON itself does not allow.
            const auto again = parse_json(*once);
            if (again) CHECK(*canonical_json(*again) == *once);
        }
    }
    (void)parse_tuf(input, "root");
    // Every file of the collection is this one: no answer of a server may be believed without the configured key.
    const FetchMetadata fetch = [&](const std::string&) -> Result<std::optional<std::string>> { return std::optional(std::string(input)); };
    CHECK(!verify_collection("example.org/shop/web", {.root_key_ids = {std::string(64, '0')}, .root_certificates = {}}, fetch, 1'768'046'400'000));
    if (const auto layers = parse_cosign_manifest(input)) {
        for (const CosignLayer& layer : *layers) CHECK(!check_cosign(layer, input, "sha256:00", {}, 0));
    }
    if (const auto certificates = Certificate::from_pem(input)) {
        for (const Certificate& one : *certificates) {
            (void)one.common_name();
            (void)one.identities();
            (void)one.key();
            (void)one.chains_to(*certificates, {}, one.not_before());
        }
    }
    (void)PublicKey::from_pem(input);
    (void)PublicKey::from_der(input);
    (void)world::parse_challenge(input);
    (void)world::docker_login(input, "registry.example.org");
    return 0;
}
