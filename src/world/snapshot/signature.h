// SPDX-License-Identifier: Apache-2.0
// Signatures of whole files by Ed25519 (RFC 8032, "PureEdDSA"), detached: FILE.sig holds the 64 bytes of the signature over FILE's bytes
// and nothing else. That is what `openssl pkeyutl -sign -rawin` writes, so that either can make and check what the other made:
//   openssl genpkey -algorithm ed25519 -out key.pem; openssl pkey -in key.pem -pubout -out key.pub
//   openssl pkeyutl -verify -pubin -inkey key.pub -rawin -in FILE -sigfile FILE.sig
// Keys are PEM: PKCS #8 (RFC 5958, 8410) the private one, SubjectPublicKeyInfo the public one. Any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace bulkhead::world {

inline constexpr std::size_t signed_file_bytes_max = 4UL << 30U;  // Ed25519 takes the message whole
inline constexpr std::size_t key_file_bytes_max = 64UL << 10U;
inline constexpr std::size_t signature_bytes = 64;

inline std::string signature_path(const std::string& path) { return path + ".sig"; }

// The signature of the bytes. invalid_input: no private Ed25519 key, or one that is encrypted.
Result<std::string> sign_bytes(std::string_view bytes, std::string_view private_pem);

enum class Verdict : std::uint8_t { good, bad };

// bad: the bytes, the signature or the key is another one; no telling which. invalid_input: no public Ed25519 key. corrupt: not 64 bytes.
Result<Verdict> verify_bytes(std::string_view bytes, std::string_view signature, std::string_view public_pem);

// "sha256:" and the hex digest of a public key's SubjectPublicKeyInfo, by which people tell keys apart; of a private key that of its
// public half. invalid_input: no such key.
Result<std::string> key_fingerprint(std::string_view pem);

}  // namespace bulkhead::world
