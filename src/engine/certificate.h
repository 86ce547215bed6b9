// SPDX-License-Identifier: Apache-2.0
// X.509 certificates in PEM (RFC 7468, RFC 5280), as a Swarm keeps them. Keys are never read. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace bulkhead::engine {

inline constexpr std::size_t pem_bytes_max = 256UL * 1024;
inline constexpr std::size_t certificates_max = 32;  // in one file

struct Certificate {
    std::string subject;  // RFC 2253: CN=...,OU=...,O=...
    std::string issuer;
    std::string serial;  // hexadecimal
    std::optional<UnixMs> not_before;
    std::optional<UnixMs> not_after;
    std::string key_kind;     // "EC 256", "RSA 2048", "ED25519"
    std::string fingerprint;  // SHA-256 of the whole, hexadecimal
    bool is_ca = false;
    bool self_issued = false;  // subject and issuer are one name
    std::string der;           // the certificate itself
};

// Whether the issuer's key made the child's signature: names prove nothing, for all Swarms call their root alike.
bool is_signed_by(const Certificate& child, const Certificate& issuer);

// All certificates of the text, in its order. corrupt: none in it, or one that cannot be read; limit_exceeded.
Result<std::vector<Certificate>> parse_certificates(std::string_view pem);

}  // namespace bulkhead::engine
