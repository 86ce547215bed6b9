// SPDX-License-Identifier: Apache-2.0
#include "trust/verify_image.h"

#include <fmt/format.h>

#include <algorithm>

namespace bulkhead::trust {

namespace {

std::string state_of(Refused why) {
    switch (why) {
        case Refused::absent: return "absent";
        case Refused::unreadable: return "unreadable";
        case Refused::invalid: return "invalid";
        case Refused::untrusted: return "untrusted";
        case Refused::expired: return "expired";
    }
    return "invalid";
}

SignatureVerdict verdict_of(std::string kind, const Refusal& refusal, std::string locator) {
    SignatureVerdict verdict{.kind = std::move(kind), .state = state_of(refusal.why)};
    verdict.reason = refusal.reason;
    verdict.locator = std::move(locator);
    return verdict;
}

// Layers that others put beside ours are no finding where one that counts is there.
void cosign(world::World& world, const RepositoryPolicy& policy, const std::string& base, const std::string& path, const std::string& digest,
            std::vector<SignatureVerdict>& out) {
    const auto manifest = world.read(world::registry_get(fmt::format("{}/v2/{}/manifests/{}", base, path, cosign_tag(digest))));
    if (manifest->absent()) return out.push_back(verdict_of("cosign", {Refused::absent, "the registry has no signatures of this digest"}, manifest->locator));
    if (!manifest->present()) return out.push_back(verdict_of("cosign", {Refused::unreadable, manifest->reason}, manifest->locator));
    const auto layers = parse_cosign_manifest(manifest->bytes);
    if (!layers) return out.push_back(verdict_of("cosign", {Refused::invalid, layers.error().message}, manifest->locator));
    if (layers->empty()) return out.push_back(verdict_of("cosign", {Refused::absent, "the list of signatures is empty"}, manifest->locator));
    std::vector<SignatureVerdict> refused;
    for (const CosignLayer& layer : *layers) {
        const auto payload = world.read(world::registry_get(fmt::format("{}/v2/{}/blobs/{}", base, path, layer.digest)));
        if (!payload->present()) {
            refused.push_back(verdict_of("cosign", {Refused::unreadable, payload->reason}, payload->locator));
            continue;
        }
        const auto checked = check_cosign(layer, payload->bytes, digest, *policy.cosign, world.as_of());
        if (!checked) {
            refused.push_back(verdict_of("cosign", checked.error(), payload->locator));
            continue;
        }
        SignatureVerdict good{.kind = "cosign", .state = "trusted", .key_id = checked->key_id, .signer = checked->signer};
        good.signed_at = checked->signed_at;
        good.reason = "signed with a configured " + std::string(checked->signer.empty() ? "key" : "authority's certificate");
        good.locator = payload->locator;
        out.push_back(std::move(good));
    }
    if (std::ranges::none_of(out, [](const SignatureVerdict& one) { return one.kind == "cosign"; })) out.insert(out.end(), refused.begin(), refused.end());
}

void notary(world::World& world, const NotaryPolicy& policy, const std::string& repository, const std::string& digest, std::vector<SignatureVerdict>& out) {
    const std::string base = fmt::format("{}/v2/{}/_trust/tuf/", policy.server, repository);
    const std::string root_locator = world::locator(world::registry_get(base + "root.json"));
    const FetchMetadata fetch = [&](const std::string& name) -> Result<std::optional<std::string>> {
        const auto reading = world.read(world::registry_get(base + name));
        if (reading->absent()) return std::nullopt;
        if (!reading->present()) return fail(Code::unavailable, reading->reason);
        return std::optional(reading->bytes);
    };
    const auto collection = verify_collection(repository, policy.pins, fetch, world.as_of());
    if (!collection) return out.push_back(verdict_of("notary", collection.error(), root_locator));
    bool found = false;
    for (const SignedTarget& target : collection->targets) {
        if ("sha256:" + target.sha256 != digest) continue;
        found = true;
        SignatureVerdict good{.kind = "notary", .state = "trusted", .signer = target.role, .tag = target.name};
        good.key_id = target.key_ids.empty() ? "" : target.key_ids[0];
        good.expires = std::min(collection->expires, target.expires);
        good.reason = fmt::format("signed as tag {} by {}", target.name, target.role);
        good.locator = root_locator;
        out.push_back(std::move(good));
    }
    if (!found) {
        out.push_back(verdict_of(
            "notary", {Refused::absent, fmt::format("the signed collection has {} tags, and none of them is this digest", collection->targets.size())},
            root_locator));
    }
}

}  // namespace

std::vector<SignatureVerdict> verify_image(world::World& world, const RepositoryPolicy& policy, const std::string& repository, const std::string& digest) {
    std::vector<SignatureVerdict> out;
    const std::string base = policy.registry.empty() ? registry_of(repository) : policy.registry;
    if (policy.cosign) cosign(world, policy, base, path_of(repository), digest, out);
    if (policy.notary) notary(world, *policy.notary, repository, digest, out);
    return out;
}

}  // namespace bulkhead::trust
