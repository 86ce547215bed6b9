// SPDX-License-Identifier: Apache-2.0
// Public keys and the signatures that are checked with them (OpenSSL 3): ECDSA over P-256, P-384, P-521, RSA from 2048 bits, Ed25519,
// always over SHA-256 where a digest is needed. Any thread; a key is immutable.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

struct evp_pkey_st;

namespace bulkhead::trust {

enum class Scheme : std::uint8_t {
    ecdsa_raw,  // r and s side by side (TUF)
    ecdsa_der,  // ASN.1 (cosign)
    rsa_pss,    // salt of 32 bytes
    rsa_pkcs1_v15,
    ed25519,
};

class PublicKey {
  public:
    static Result<PublicKey> from_pem(std::string_view pem);        // -----BEGIN PUBLIC KEY-----
    static Result<PublicKey> from_der(std::string_view der);        // SubjectPublicKeyInfo
    static Result<PublicKey> from_ed25519(std::string_view bytes);  // 32 bytes
    static Result<PublicKey> adopt(evp_pkey_st* key);               // takes the reference; null is corrupt

    [[nodiscard]] bool verify(Scheme scheme, std::string_view message, std::string_view signature) const;
    // The scheme that cosign uses for this kind of key.
    [[nodiscard]] Scheme usual_scheme() const;
    [[nodiscard]] std::string fingerprint() const;  // SHA-256 of SubjectPublicKeyInfo, hex

  private:
    explicit PublicKey(std::shared_ptr<evp_pkey_st> key) : key_(std::move(key)) {}
    std::shared_ptr<evp_pkey_st> key_;
};

std::string sha256(std::string_view bytes);      // 32 bytes
std::string sha512(std::string_view bytes);      // 64 bytes
std::string sha256_hex(std::string_view bytes);  // lower case
std::string hex(std::string_view bytes);
Result<std::string> base64_decode(std::string_view text);  // standard alphabet, padded; anything else is corrupt

}  // namespace bulkhead::trust
