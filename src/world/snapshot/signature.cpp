// SPDX-License-Identifier: Apache-2.0
#include "world/snapshot/signature.h"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <array>
#include <memory>

namespace bulkhead::world {

namespace {

struct Free {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
    void operator()(BIO* bio) const { BIO_free(bio); }
    void operator()(unsigned char* bytes) const { OPENSSL_free(bytes); }
};
using Key = std::unique_ptr<EVP_PKEY, Free>;
using Context = std::unique_ptr<EVP_MD_CTX, Free>;
using Bio = std::unique_ptr<BIO, Free>;

const unsigned char* raw(std::string_view bytes) { return reinterpret_cast<const unsigned char*>(bytes.data()); }

// OpenSSL would ask the terminal for a password otherwise.
int no_password(char*, int, int, void* asked) {
    *static_cast<bool*>(asked) = true;
    return -1;
}

enum class Half : std::uint8_t { secret, open };

Result<Key> parse_key(std::string_view pem, Half half) {
    if (pem.size() > key_file_bytes_max) return fail(Code::limit_exceeded, fmt::format("a key file has at most {} bytes", key_file_bytes_max));
    const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    bool encrypted = false;
    Key key(half == Half::secret ? PEM_read_bio_PrivateKey(bio.get(), nullptr, no_password, &encrypted)
                                 : PEM_read_bio_PUBKEY(bio.get(), nullptr, no_password, &encrypted));
    ERR_clear_error();
    if (encrypted) return fail(Code::invalid_input, "the key is encrypted: decrypt it first (openssl pkey -in KEY -out DECRYPTED)");
    const bool wanted_secret = half == Half::secret;
    if (!key)
        return fail(Code::invalid_input, wanted_secret ? "not a private key in PEM (openssl genpkey -algorithm ed25519 -out KEY)"
                                                       : "not a public key in PEM (openssl pkey -in KEY -pubout -out PUBLIC)");
    if (EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_ED25519)
        return fail(Code::invalid_input, "not an Ed25519 key, which is the one kind that is taken (openssl genpkey -algorithm ed25519 -out KEY)");
    return key;
}

}  // namespace

Result<std::string> sign_bytes(std::string_view bytes, std::string_view private_pem) {
    const auto key = parse_key(private_pem, Half::secret);
    if (!key) return std::unexpected(key.error());
    const Context context(EVP_MD_CTX_new());
    std::string signature(signature_bytes, '\0');
    std::size_t size = signature.size();
    const bool made = context && EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key->get()) == 1 &&
                      EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size, raw(bytes), bytes.size()) == 1;
    ERR_clear_error();
    if (!made || size != signature_bytes) return fail(Code::internal, "the signature could not be made");
    return signature;
}

Result<Verdict> verify_bytes(std::string_view bytes, std::string_view signature, std::string_view public_pem) {
    const auto key = parse_key(public_pem, Half::open);
    if (!key) return std::unexpected(key.error());
    if (signature.size() != signature_bytes)
        return fail(Code::corrupt, fmt::format("an Ed25519 signature has {} bytes, this has {}", signature_bytes, signature.size()));
    const Context context(EVP_MD_CTX_new());
    if (!context || EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key->get()) != 1)
        return fail(Code::internal, "the signature could not be checked");
    const int verified = EVP_DigestVerify(context.get(), raw(signature), signature.size(), raw(bytes), bytes.size());
    ERR_clear_error();
    return verified == 1 ? Verdict::good : Verdict::bad;
}

Result<std::string> key_fingerprint(std::string_view pem) {
    auto key = parse_key(pem, Half::open);
    if (!key) key = parse_key(pem, Half::secret);
    if (!key) return std::unexpected(key.error());
    unsigned char* der = nullptr;
    const int der_bytes = i2d_PUBKEY(key->get(), &der);
    const std::unique_ptr<unsigned char, Free> owner(der);
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned digest_bytes = 0;
    if (der_bytes <= 0 || EVP_Digest(der, static_cast<std::size_t>(der_bytes), digest.data(), &digest_bytes, EVP_sha256(), nullptr) != 1)
        return fail(Code::internal, "the key's fingerprint could not be made");
    std::string out = "sha256:";
    for (unsigned i = 0; i < digest_bytes; ++i) out += fmt::format("{:02x}", digest[i]);
    return out;
}

}  // namespace bulkhead::world
