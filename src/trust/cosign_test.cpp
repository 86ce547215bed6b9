// SPDX-License-Identifier: Apache-2.0
// A cosign signature counts only for the digest it names, by a key, or by a certificate of a configured authority for a wanted identity.
#include "trust/cosign.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/x509v3.h>

#include "trust/canonical_json.h"
#include "trust/testing/signer.h"

namespace bulkhead::trust {
namespace {

using testing::HasSubstr;

constexpr UnixMs now = 1'768'046'400'000;
const std::string image = "sha256:" + std::string(64, '6');

std::string payload_of(const std::string& digest, const std::string& type = "cosign container image signature") {
    return fmt::format(R"({{"critical":{{"identity":{{"docker-reference":"r"}},"image":{{"docker-manifest-digest":"{}"}},"type":"{}"}},"optional":null}})",
                       digest, type);
}

CosignLayer layer_of(const std::string& payload, const Signer& signer) {
    return {"sha256:" + sha256_hex(payload), {{"dev.cosignproject.cosign/signature", base64(signer.sign(payload))}}};
}

PublicKey public_of(const Signer& signer) { return *PublicKey::from_pem(signer.pem()); }

std::string refusal(const std::expected<CosignSignature, Refusal>& result, Refused why) {
    EXPECT_FALSE(result) << "it was believed";
    if (result) return {};
    EXPECT_EQ(static_cast<int>(result.error().why), static_cast<int>(why)) << result.error().reason;
    return result.error().reason;
}

TEST(Cosign, keys_of_every_kind_sign) {
    for (const Signer& signer : {Signer::p256(), Signer::ed25519(), Signer::rsa(2048)}) {
        const CosignPolicy policy{.keys = {public_of(Signer::p256()), public_of(signer)}, .roots = {}, .identities = {}, .rekor_keys = {}};
        const auto good = check_cosign(layer_of(payload_of(image), signer), payload_of(image), image, policy, now);
        ASSERT_TRUE(good) << good.error().reason;
        EXPECT_EQ(good->key_id, public_of(signer).fingerprint());
    }
    EXPECT_FALSE(PublicKey::from_pem(Signer::rsa(1024).pem())) << "too short to be believed";
}

TEST(Cosign, a_signature_of_something_else_does_not_count) {
    const Signer signer = Signer::p256();
    const CosignPolicy policy{.keys = {public_of(signer)}, .roots = {}, .identities = {}, .rekor_keys = {}};
    const std::string other = payload_of("sha256:" + std::string(64, '7'));
    EXPECT_THAT(refusal(check_cosign(layer_of(other, signer), other, image, policy, now), Refused::invalid), HasSubstr("another image"));
    const std::string attestation = payload_of(image, "something else");
    EXPECT_THAT(refusal(check_cosign(layer_of(attestation, signer), attestation, image, policy, now), Refused::invalid), HasSubstr("another type"));
    EXPECT_THAT(refusal(check_cosign(layer_of(payload_of(image), signer), payload_of(image) + " ", image, policy, now), Refused::invalid),
                HasSubstr("another payload"));
    EXPECT_THAT(refusal(check_cosign(layer_of(payload_of(image), Signer::p256()), payload_of(image), image, policy, now), Refused::untrusted),
                HasSubstr("none of the"));
    EXPECT_THAT(refusal(check_cosign({"sha256:" + sha256_hex(payload_of(image)), {}}, payload_of(image), image, policy, now), Refused::invalid),
                HasSubstr("no signature"));
}

// An authority and a certificate of its for `identity`, valid for ten minutes around `made`.
struct Authority {
    Signer key = Signer::p256();
    std::string pem = certificate(key, key, "authority", "", 0, 10L * 365 * 86400);

    static std::string certificate(const Signer& subject, const Signer& issuer, const std::string& name, const std::string& identity, UnixMs from,
                                   long seconds) {
        const std::unique_ptr<X509, void (*)(X509*)> made(X509_new(), X509_free);
        X509_set_version(made.get(), 2);
        ASN1_INTEGER_set(X509_get_serialNumber(made.get()), 7);
        const time_t start = from == 0 ? 1'700'000'000 : static_cast<time_t>(from / 1000);
        ASN1_TIME_set(X509_getm_notBefore(made.get()), start);
        ASN1_TIME_set(X509_getm_notAfter(made.get()), start + seconds);
        X509_set_pubkey(made.get(), subject.get());
        const auto add_name = [](X509_NAME* into, const std::string& text) {
            X509_NAME_add_entry_by_txt(into, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(text.c_str()), -1, -1, 0);
        };
        add_name(X509_get_subject_name(made.get()), name);
        add_name(X509_get_issuer_name(made.get()), "authority");
        const std::string value = identity.empty() ? "critical,CA:TRUE" : "email:" + identity;
        X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, identity.empty() ? NID_basic_constraints : NID_subject_alt_name, value.c_str());
        X509_add_ext(made.get(), extension, -1);
        X509_EXTENSION_free(extension);
        X509_sign(made.get(), issuer.get(), EVP_sha256());
        return Signer::text([&](BIO* bio) { return PEM_write_bio_X509(bio, made.get()); });
    }
};

struct Keyless {
    Authority authority;
    Signer signer = Signer::p256();
    Signer log = Signer::p256();
    std::string payload = payload_of(image);
    UnixMs made = now - 86'400'000;

    [[nodiscard]] CosignLayer layer(UnixMs logged, bool same_signature = true) const {
        CosignLayer out = layer_of(payload, signer);
        out.annotations["dev.sigstore.cosign/certificate"] = Authority::certificate(signer, authority.key, "signer", "release@example.org", made, 600);
        const std::string signature = same_signature ? out.annotations["dev.cosignproject.cosign/signature"] : base64("else");
        const std::string body = fmt::format(
            R"({{"apiVersion":"0.0.1","kind":"hashedrekord","spec":{{"data":{{"hash":{{"algorithm":"sha256","value":"{}"}}}},"signature":{{"content":"{}"}}}}}})",
            sha256_hex(payload), signature);
        const std::string entry = fmt::format(R"({{"body":"{}","integratedTime":{},"logID":"aa","logIndex":5}})", base64(body), logged / 1000);
        out.annotations["dev.sigstore.cosign/bundle"] = fmt::format(R"({{"SignedEntryTimestamp":"{}","Payload":{}}})", base64(log.sign(entry)), entry);
        return out;
    }
    [[nodiscard]] CosignPolicy policy(const std::string& identity, bool with_log = true) const {
        CosignPolicy out{.keys = {}, .roots = *Certificate::from_pem(authority.pem), .identities = {identity}, .rekor_keys = {}};
        if (with_log) out.rekor_keys = {public_of(log)};
        return out;
    }
};

TEST(Cosign, a_short_lived_certificate_counts_at_the_time_that_a_believed_log_saw_it) {
    const Keyless given;
    const auto good = check_cosign(given.layer(given.made + 60'000), given.payload, image, given.policy("*@example.org"), now);
    ASSERT_TRUE(good) << good.error().reason;
    EXPECT_EQ(good->signer, "release@example.org");
    EXPECT_EQ(good->signed_at, given.made + 60'000);
}

TEST(Cosign, what_breaks_a_certificate) {
    const Keyless given;
    const auto check = [&](const CosignLayer& layer, const CosignPolicy& policy) { return check_cosign(layer, given.payload, image, policy, now); };
    const CosignLayer in_time = given.layer(given.made + 60'000);
    EXPECT_THAT(refusal(check(in_time, given.policy("other@example.org")), Refused::untrusted), HasSubstr("not among the configured identities"));
    EXPECT_THAT(refusal(check(in_time, given.policy("*", false)), Refused::untrusted), HasSubstr("expired")) << "nobody who is believed dates it";
    EXPECT_THAT(refusal(check(given.layer(given.made + 3'600'000), given.policy("*")), Refused::untrusted), HasSubstr("expired"));
    EXPECT_THAT(refusal(check(given.layer(given.made + 60'000, false), given.policy("*")), Refused::invalid), HasSubstr("of another signature"));
    CosignPolicy stranger = given.policy("*");
    stranger.roots = *Certificate::from_pem(Authority().pem);
    EXPECT_THAT(refusal(check(in_time, stranger), Refused::untrusted), HasSubstr("certificate"));
    CosignPolicy other_log = given.policy("*");
    other_log.rekor_keys = {public_of(Signer::p256())};
    EXPECT_THAT(refusal(check(in_time, other_log), Refused::invalid), HasSubstr("none of the configured logs"));
    CosignPolicy keys_only{.keys = {public_of(Signer::p256())}, .roots = {}, .identities = {}, .rekor_keys = {}};
    EXPECT_THAT(refusal(check(in_time, keys_only), Refused::untrusted), HasSubstr("no roots are configured"));
}

TEST(Cosign, a_manifest_with_a_digest_that_is_none_is_refused) {
    EXPECT_FALSE(parse_cosign_manifest(R"({"layers":[{"digest":"sha256:../../../v2/_catalog"}]})"));
    EXPECT_FALSE(parse_cosign_manifest("{}"));
    EXPECT_FALSE(parse_cosign_manifest("["));
    const auto layers = parse_cosign_manifest(R"({"layers":[{"digest":")" + image + R"(","annotations":{"a":"b"}}]})");
    ASSERT_TRUE(layers);
    EXPECT_EQ(layers->front().annotations.at("a"), "b");
    EXPECT_EQ(cosign_tag(image), "sha256-" + std::string(64, '6') + ".sig");
}

}  // namespace
}  // namespace bulkhead::trust
