// SPDX-License-Identifier: Apache-2.0
#include "trust/public_key.h"

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <array>
#include <cstdint>
#include <vector>

namespace bulkhead::trust {

namespace {

constexpr int rsa_bits_min = 2048;
constexpr int pss_salt_bytes = 32;
constexpr std::size_t key_bytes_max = 64 * 1024;
constexpr std::size_t signature_bytes_max = 4096;

const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

struct FreeContext {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

std::string digest(const EVP_MD* kind, std::string_view bytes) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
    unsigned int size = 0;
    if (EVP_Digest(bytes.data(), bytes.size(), out.data(), &size, kind, nullptr) != 1) return {};
    return {reinterpret_cast<const char*>(out.data()), size};
}

// r and s of equal length become the ASN.1 form that OpenSSL wants (RFC 3279, 2.2.3).
std::string der_of(std::string_view raw, std::size_t expected) {
    if (raw.size() != expected) return {};
    const std::size_t half = raw.size() / 2;
    const std::unique_ptr<ECDSA_SIG, void (*)(ECDSA_SIG*)> signature(ECDSA_SIG_new(), ECDSA_SIG_free);
    BIGNUM* r = BN_bin2bn(bytes_of(raw), static_cast<int>(half), nullptr);
    BIGNUM* s = BN_bin2bn(bytes_of(raw.substr(half)), static_cast<int>(half), nullptr);
    if (!signature || r == nullptr || s == nullptr || ECDSA_SIG_set0(signature.get(), r, s) != 1) {
        BN_free(r);
        BN_free(s);
        return {};
    }
    unsigned char* der = nullptr;
    const int size = i2d_ECDSA_SIG(signature.get(), &der);
    if (size <= 0) return {};
    std::string out(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size));
    OPENSSL_free(der);
    return out;
}

bool suits(EVP_PKEY* key, Scheme scheme) {
    const int kind = EVP_PKEY_get_base_id(key);
    switch (scheme) {
        case Scheme::ecdsa_raw:
        case Scheme::ecdsa_der: return kind == EVP_PKEY_EC;
        case Scheme::rsa_pss:
        case Scheme::rsa_pkcs1_v15: return kind == EVP_PKEY_RSA;
        case Scheme::ed25519: return kind == EVP_PKEY_ED25519;
    }
    return false;
}

bool is_known_curve(EVP_PKEY* key) {
    std::array<char, 64> group{};
    std::size_t size = 0;
    if (EVP_PKEY_get_utf8_string_param(key, OSSL_PKEY_PARAM_GROUP_NAME, group.data(), group.size(), &size) != 1) return false;
    const std::string_view name(group.data(), size);
    return name == "prime256v1" || name == "secp384r1" || name == "secp521r1" || name == "P-256" || name == "P-384" || name == "P-521";
}

}  // namespace

std::string sha256(std::string_view bytes) { return digest(EVP_sha256(), bytes); }
std::string sha512(std::string_view bytes) { return digest(EVP_sha512(), bytes); }
std::string sha256_hex(std::string_view bytes) { return hex(sha256(bytes)); }

std::string hex(std::string_view bytes) {
    std::string out;
    for (const char c : bytes) out += fmt::format("{:02x}", static_cast<unsigned char>(c));
    return out;
}

Result<std::string> base64_decode(std::string_view text) {
    if (text.size() % 4 != 0) return fail(Code::corrupt, "not base64");
    std::string out(text.size() / 4 * 3, '\0');
    // EVP_DecodeBlock would forgive blanks at the ends.
    const auto is_blank = [](char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; };
    if (!text.empty() && (is_blank(text.front()) || is_blank(text.back()))) return fail(Code::corrupt, "not base64");
    const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()), bytes_of(text), static_cast<int>(text.size()));
    if (size < 0) return fail(Code::corrupt, "not base64");
    const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with("=") ? 1 : 0;
    out.resize(static_cast<std::size_t>(size) - padding);
    return out;
}

Result<PublicKey> PublicKey::adopt(evp_pkey_st* key) {
    ERR_clear_error();
    if (key == nullptr) return fail(Code::corrupt, "not a public key");
    std::shared_ptr<evp_pkey_st> owned(key, EVP_PKEY_free);
    const int kind = EVP_PKEY_get_base_id(key);
    if (kind == EVP_PKEY_RSA && EVP_PKEY_get_bits(key) < rsa_bits_min)
        return fail(Code::unsupported, fmt::format("an RSA key of {} bits: {} is the least", EVP_PKEY_get_bits(key), rsa_bits_min));
    if (kind == EVP_PKEY_EC && !is_known_curve(key)) return fail(Code::unsupported, "an elliptic curve other than P-256, P-384 and P-521");
    if (kind != EVP_PKEY_RSA && kind != EVP_PKEY_EC && kind != EVP_PKEY_ED25519) return fail(Code::unsupported, "a key that is none of ECDSA, RSA and Ed25519");
    return PublicKey(std::move(owned));
}

Result<PublicKey> PublicKey::from_pem(std::string_view pem) {
    if (pem.size() > key_bytes_max) return fail(Code::limit_exceeded, "a key of more than 64 KiB");
    const std::unique_ptr<BIO, int (*)(BIO*)> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free);
    if (!bio) return fail(Code::internal, "no memory");
    return adopt(PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr));
}

Result<PublicKey> PublicKey::from_der(std::string_view der) {
    if (der.size() > key_bytes_max) return fail(Code::limit_exceeded, "a key of more than 64 KiB");
    const unsigned char* at = bytes_of(der);
    return adopt(d2i_PUBKEY(nullptr, &at, static_cast<long>(der.size())));
}

Result<PublicKey> PublicKey::from_ed25519(std::string_view bytes) {
    return adopt(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, bytes_of(bytes), bytes.size()));
}

Scheme PublicKey::usual_scheme() const {
    switch (EVP_PKEY_get_base_id(key_.get())) {
        case EVP_PKEY_RSA: return Scheme::rsa_pkcs1_v15;
        case EVP_PKEY_ED25519: return Scheme::ed25519;
        default: return Scheme::ecdsa_der;
    }
}

bool PublicKey::verify(Scheme scheme, std::string_view message, std::string_view signature) const {
    if (!suits(key_.get(), scheme) || signature.empty() || signature.size() > signature_bytes_max) return false;
    std::string der;
    if (scheme == Scheme::ecdsa_raw) {
        der = der_of(signature, static_cast<std::size_t>((EVP_PKEY_get_bits(key_.get()) + 7) / 8) * 2);
        signature = der;
    }
    const std::unique_ptr<EVP_MD_CTX, FreeContext> context(EVP_MD_CTX_new());
    EVP_PKEY_CTX* details = nullptr;
    const EVP_MD* kind = scheme == Scheme::ed25519 ? nullptr : EVP_sha256();
    bool good = context != nullptr && EVP_DigestVerifyInit(context.get(), &details, kind, nullptr, key_.get()) == 1;
    if (good && scheme == Scheme::rsa_pss) {
        good = EVP_PKEY_CTX_set_rsa_padding(details, RSA_PKCS1_PSS_PADDING) == 1 && EVP_PKEY_CTX_set_rsa_pss_saltlen(details, pss_salt_bytes) == 1;
    }
    good = good && EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(), bytes_of(message), message.size()) == 1;
    ERR_clear_error();
    return good;
}

std::string PublicKey::fingerprint() const {
    unsigned char* der = nullptr;
    const int size = i2d_PUBKEY(key_.get(), &der);
    if (size <= 0) return {};
    std::string out = sha256_hex({reinterpret_cast<const char*>(der), static_cast<std::size_t>(size)});
    OPENSSL_free(der);
    return out;
}

}  // namespace bulkhead::trust
