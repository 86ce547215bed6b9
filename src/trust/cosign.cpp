// SPDX-License-Identifier: Apache-2.0
#include "trust/cosign.h"

#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>
#include <optional>

#include "base/json.h"
#include "base/text.h"
#include "trust/canonical_json.h"

namespace bulkhead::trust {

namespace {

constexpr std::string_view payload_type = "cosign container image signature";

std::unexpected<Refusal> refuse(Refused why, std::string reason) { return std::unexpected(Refusal{why, std::move(reason)}); }

std::string annotation(const CosignLayer& layer, const std::string& name) {
    const auto found = layer.annotations.find(name);
    return found == layer.annotations.end() ? std::string() : found->second;
}

// What the payload vouches for (simple signing: critical.image.docker-manifest-digest).
std::expected<void, Refusal> check_payload(std::string_view payload, std::string_view image_digest) {
    const auto document = bulkhead::json::Document::parse(payload);
    if (!document) return refuse(Refused::invalid, "the signed payload is not JSON");
    const auto critical = document->root()["critical"];
    if (critical["type"].text_or() != payload_type) return refuse(Refused::invalid, "the signed payload is of another type");
    const std::string digest = critical["image"]["docker-manifest-digest"].text_or();
    if (digest != image_digest) return refuse(Refused::invalid, "the signed payload names another image: " + text::printable(digest.substr(0, 80)));
    return {};
}

// The time at which a believed transparency log saw this very signature over this very payload. Nothing: no bundle, or no believed log.
std::expected<std::optional<UnixMs>, Refusal> logged_at(const CosignLayer& layer, std::string_view payload, const std::string& encoded_signature,
                                                        const CosignPolicy& policy) {
    const std::string bundle = annotation(layer, "dev.sigstore.cosign/bundle");
    if (bundle.empty() || policy.rekor_keys.empty()) return std::nullopt;
    const auto document = parse_json(bundle);
    const auto* object = document ? document->if_object() : nullptr;
    const auto* entry = object == nullptr ? nullptr : object->if_contains("Payload");
    const auto* stamp = object == nullptr ? nullptr : object->if_contains("SignedEntryTimestamp");
    if (entry == nullptr || !entry->is_object() || stamp == nullptr || !stamp->is_string())
        return refuse(Refused::invalid, "the bundle is not one of a transparency log");
    const auto message = canonical_json(*entry);
    const auto signature = base64_decode(std::string_view(stamp->get_string()));
    const bool stamped = message && signature &&
                         std::ranges::any_of(policy.rekor_keys, [&](const PublicKey& key) { return key.verify(key.usual_scheme(), *message, *signature); });
    if (!stamped) return refuse(Refused::invalid, "the bundle's time stamp is signed by none of the configured logs");
    const auto entry_text = bulkhead::json::Document::parse(*message);
    const auto body = entry_text ? base64_decode(entry_text->root()["body"].text_or()) : Result<std::string>(fail(Code::corrupt, "no body"));
    const auto record = body ? bulkhead::json::Document::parse(*body) : Result<bulkhead::json::Document>(fail(Code::corrupt, "no body"));
    if (!record) return refuse(Refused::invalid, "the log's entry cannot be read");
    const auto spec = record->root()["spec"];
    const bool same = record->root()["kind"].text_or() == "hashedrekord" && spec["data"]["hash"]["algorithm"].text_or() == "sha256" &&
                      spec["data"]["hash"]["value"].text_or() == sha256_hex(payload) && spec["signature"]["content"].text_or() == encoded_signature;
    if (!same) return refuse(Refused::invalid, "the log's entry is of another signature");
    const auto seconds = entry_text->root()["integratedTime"].integer();
    if (!seconds || *seconds <= 0 || *seconds > 1'000'000'000'000) return refuse(Refused::invalid, "the log's entry has no time");
    return std::optional(*seconds * 1000);
}

std::expected<CosignSignature, Refusal> check_certificate(const std::string& pem, const std::string& chain, std::string_view payload,
                                                          const std::string& signature, const CosignPolicy& policy, std::optional<UnixMs> logged, UnixMs now) {
    const auto certificates = Certificate::from_pem(pem);
    if (!certificates) return refuse(Refused::invalid, "its certificate: " + certificates.error().message);
    const Certificate& leaf = certificates->front();
    const auto key = leaf.key();
    if (!key) return refuse(Refused::invalid, "its certificate: " + key.error().message);
    if (!key->verify(key->usual_scheme(), payload, signature)) return refuse(Refused::invalid, "the signature does not fit its certificate");
    std::vector<Certificate> between(certificates->begin() + 1, certificates->end());
    if (!chain.empty()) {
        const auto more = Certificate::from_pem(chain);
        if (!more) return refuse(Refused::invalid, "its certificate chain: " + more.error().message);
        between.insert(between.end(), more->begin(), more->end());
    }
    if (policy.roots.empty()) return refuse(Refused::untrusted, "signed with a certificate, and no roots are configured");
    if (const auto chained = leaf.chains_to(policy.roots, between, logged.value_or(now)); !chained) {
        const std::string when = logged ? "" : " (no transparency log that is believed dates the signature)";
        return refuse(Refused::untrusted, "its certificate: " + chained.error().message + when);
    }
    const auto names = leaf.identities();
    for (const std::string& name : names) {
        const bool wanted = std::ranges::any_of(policy.identities, [&](const std::string& glob) { return fnmatch(glob.c_str(), name.c_str(), 0) == 0; });
        if (wanted) return CosignSignature{leaf.fingerprint(), name, logged.value_or(0)};
    }
    return refuse(Refused::untrusted,
                  "its certificate names " + (names.empty() ? "nobody" : text::printable(names[0])) + ", who is not among the configured identities");
}

}  // namespace

std::string cosign_tag(std::string_view image_digest) {
    std::string tag(image_digest);
    std::ranges::replace(tag, ':', '-');
    return tag + ".sig";
}

Result<std::vector<CosignLayer>> parse_cosign_manifest(std::string_view manifest) {
    const auto document = bulkhead::json::Document::parse(manifest);
    if (!document) return std::unexpected(document.error());
    const auto layers = document->root()["layers"];
    if (!layers.is_array()) return fail(Code::corrupt, "no manifest of signatures");
    std::vector<CosignLayer> out;
    for (const auto& layer : layers.items()) {
        if (out.size() == cosign_layers_max) return fail(Code::limit_exceeded, fmt::format("more than {} signatures", cosign_layers_max));
        CosignLayer one{layer["digest"].text_or(), {}};
        // It becomes a part of an address.
        const std::string_view digits = std::string_view(one.digest).substr(std::min<std::size_t>(7, one.digest.size()));
        if (!one.digest.starts_with("sha256:") || digits.size() != 64 || digits.find_first_not_of("0123456789abcdef") != std::string_view::npos)
            return fail(Code::corrupt, "a signature without a digest");
        for (const auto& [name, value] : layer["annotations"].members()) one.annotations.emplace(name, value.text_or());
        out.push_back(std::move(one));
    }
    return out;
}

std::expected<CosignSignature, Refusal> check_cosign(const CosignLayer& layer, std::string_view payload, std::string_view image_digest,
                                                     const CosignPolicy& policy, UnixMs now) {
    if ("sha256:" + sha256_hex(payload) != layer.digest) return refuse(Refused::invalid, "the registry gave another payload than the manifest names");
    if (const auto good = check_payload(payload, image_digest); !good) return std::unexpected(good.error());
    const std::string encoded = annotation(layer, "dev.cosignproject.cosign/signature");
    const auto signature = base64_decode(encoded);
    if (!signature || signature->empty()) return refuse(Refused::invalid, "no signature beside the payload");
    for (const PublicKey& key : policy.keys) {
        if (!key.verify(key.usual_scheme(), payload, *signature)) continue;
        const auto logged = logged_at(layer, payload, encoded, policy);
        return CosignSignature{key.fingerprint(), "", logged ? logged->value_or(0) : 0};
    }
    const std::string pem = annotation(layer, "dev.sigstore.cosign/certificate");
    if (pem.empty()) return refuse(Refused::untrusted, "signed by none of the configured keys");
    const auto logged = logged_at(layer, payload, encoded, policy);
    if (!logged) return std::unexpected(logged.error());
    return check_certificate(pem, annotation(layer, "dev.sigstore.cosign/chain"), payload, *signature, policy, *logged, now);
}

}  // namespace bulkhead::trust
