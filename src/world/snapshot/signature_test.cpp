// SPDX-License-Identifier: Apache-2.0
#include "world/snapshot/signature.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/evp.h>

#include "base/text.h"

namespace bulkhead::world {
namespace {

using testing::HasSubstr;

// RFC 8032, 7.1: the vectors TEST 3 and, as another key, TEST 2.
constexpr const char* secret_hex = "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7";
constexpr const char* open_hex = "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025";
constexpr const char* message_hex = "af82";
constexpr const char* signature_hex =
    "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a";
constexpr const char* other_open_hex = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";

std::string from_hex(std::string_view hex) {
    std::string bytes;
    for (std::size_t i = 0; i < hex.size(); i += 2) bytes += static_cast<char>(*text::to_integer(hex.substr(i, 2), 16));
    return bytes;
}

// The ASN.1 around the 32 bytes of a key is always the same (RFC 8410, 10).
std::string pem(const std::string& label, std::string_view start_hex, std::string_view key_hex) {
    const std::string der = from_hex(start_hex) + from_hex(key_hex);
    std::string base64(200, '\0');
    const int size =
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(base64.data()), reinterpret_cast<const unsigned char*>(der.data()), static_cast<int>(der.size()));
    base64.resize(static_cast<std::size_t>(size));
    return "-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n";
}
std::string secret_key() { return pem("PRIVATE KEY", "302e020100300506032b657004220420", secret_hex); }
std::string open_key(const char* hex = open_hex) { return pem("PUBLIC KEY", "302a300506032b6570032100", hex); }

TEST(Signature, is_that_of_the_standard) {
    const auto signature = sign_bytes(from_hex(message_hex), secret_key());
    ASSERT_TRUE(signature) << signature.error().message;
    EXPECT_EQ(*signature, from_hex(signature_hex));
    EXPECT_EQ(verify_bytes(from_hex(message_hex), *signature, open_key()), Verdict::good);
}

TEST(Signature, other_bytes_another_key_and_another_signature_are_bad) {
    const std::string signature = from_hex(signature_hex);
    EXPECT_EQ(verify_bytes(from_hex("af83"), signature, open_key()), Verdict::bad);
    EXPECT_EQ(verify_bytes("", signature, open_key()), Verdict::bad);
    EXPECT_EQ(verify_bytes(from_hex(message_hex), signature, open_key(other_open_hex)), Verdict::bad);
    for (const std::size_t at : {std::size_t{0}, signature.size() - 1}) {
        std::string changed = signature;
        changed[at] = static_cast<char>(changed[at] ^ 1);
        EXPECT_EQ(verify_bytes(from_hex(message_hex), changed, open_key()), Verdict::bad) << at;
    }
}

TEST(Signature, of_another_length_is_corrupt) {
    for (const std::string& signature : {std::string(), from_hex(signature_hex).substr(1), from_hex(signature_hex) + "x"}) {
        const auto verdict = verify_bytes(from_hex(message_hex), signature, open_key());
        ASSERT_FALSE(verdict);
        EXPECT_EQ(verdict.error().code, Code::corrupt);
    }
}

TEST(Signature, keys_of_other_kinds_are_refused_with_the_right_one) {
    // A P-256 key, and the start of an encrypted one.
    const std::string elliptic =
        "-----BEGIN PUBLIC "
        "KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEaxfR8uEsQkf4vOblY6RA8ncDfYEt\n6zOg9KE5RdiYwpZP40Li/hp/m47n60p8D54WK84zV2sxXs7LtkBoN79R9Q==\n"
        "-----END PUBLIC KEY-----\n";
    const auto wrong_kind = verify_bytes("x", from_hex(signature_hex), elliptic);
    ASSERT_FALSE(wrong_kind);
    EXPECT_THAT(wrong_kind.error().message, HasSubstr("not an Ed25519 key"));
    const auto swapped = sign_bytes("x", open_key());
    ASSERT_FALSE(swapped);
    EXPECT_THAT(swapped.error().message, HasSubstr("not a private key in PEM"));
    EXPECT_THAT(verify_bytes("x", from_hex(signature_hex), secret_key()).error().message, HasSubstr("not a public key in PEM"));
    EXPECT_EQ(sign_bytes("x", "").error().code, Code::invalid_input);
    EXPECT_EQ(sign_bytes("x", std::string(key_file_bytes_max + 1, 'x')).error().code, Code::limit_exceeded);
}

TEST(Signature, both_halves_of_a_key_have_one_fingerprint) {
    const auto fingerprint = key_fingerprint(open_key());
    ASSERT_TRUE(fingerprint) << fingerprint.error().message;
    EXPECT_EQ(fingerprint->size(), std::string("sha256:").size() + 64);
    EXPECT_EQ(key_fingerprint(secret_key()), *fingerprint);
    EXPECT_NE(key_fingerprint(open_key(other_open_hex)), *fingerprint);
    EXPECT_FALSE(key_fingerprint("no key"));
}

}  // namespace
}  // namespace bulkhead::world
