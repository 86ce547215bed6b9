// SPDX-License-Identifier: Apache-2.0
// Keys and signatures made in a test, so that no private key lies in the project.
#pragma once

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <memory>
#include <string>
#include <string_view>

#include "trust/public_key.h"

namespace bulkhead::trust {

inline std::string base64(std::string_view bytes) {
    std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');
    const int size =
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
    out.resize(static_cast<std::size_t>(size));
    return out;
}

class Signer {
  public:
    static Signer ed25519() { return Signer(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")); }
    static Signer p256() { return Signer(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256")); }
    static Signer rsa(std::size_t bits) { return Signer(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", bits)); }

    [[nodiscard]] std::string sign(std::string_view message) const {
        const bool is_ed = EVP_PKEY_get_base_id(key_.get()) == EVP_PKEY_ED25519;
        const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
        std::size_t size = 1024;
        std::string out(size, '\0');
        EVP_DigestSignInit(context.get(), nullptr, is_ed ? nullptr : EVP_sha256(), nullptr, key_.get());
        EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(out.data()), &size, reinterpret_cast<const unsigned char*>(message.data()),
                       message.size());
        out.resize(size);
        return out;
    }
    [[nodiscard]] std::string raw_public() const {
        std::string out(32, '\0');
        std::size_t size = out.size();
        EVP_PKEY_get_raw_public_key(key_.get(), reinterpret_cast<unsigned char*>(out.data()), &size);
        return out;
    }
    [[nodiscard]] std::string pem() const {
        return text([&](BIO* bio) { return PEM_write_bio_PUBKEY(bio, key_.get()); });
    }
    [[nodiscard]] EVP_PKEY* get() const { return key_.get(); }

    template <class Write>
    static std::string text(Write write) {
        const std::unique_ptr<BIO, int (*)(BIO*)> bio(BIO_new(BIO_s_mem()), BIO_free);
        write(bio.get());
        char* bytes = nullptr;
        const long size = BIO_get_mem_data(bio.get(), &bytes);
        return {bytes, static_cast<std::size_t>(size)};
    }

  private:
    explicit Signer(EVP_PKEY* key) : key_(key, EVP_PKEY_free) {}
    std::shared_ptr<EVP_PKEY> key_;
};

}  // namespace bulkhead::trust
