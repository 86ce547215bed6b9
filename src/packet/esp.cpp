// SPDX-License-Identifier: Apache-2.0
#include "packet/esp.h"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>

namespace bulkhead::packet {

namespace {

constexpr std::size_t header_octets = 8;  // SPI and sequence number: the associated data (RFC 4106, section 5)
constexpr std::size_t nonce_octets = 8;   // sent along
constexpr std::size_t salt_octets = 4;    // known to both ends
constexpr std::size_t trailer_octets = 2;

struct Free {
    void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};

const EVP_CIPHER* cipher_of(std::size_t key_octets) {
    switch (key_octets) {
        case 16: return EVP_aes_128_gcm();
        case 24: return EVP_aes_192_gcm();
        case 32: return EVP_aes_256_gcm();
        default: return nullptr;
    }
}

}  // namespace

struct EspOpener::Association {
    std::unique_ptr<EVP_CIPHER_CTX, Free> context;  // with the key in it
    std::array<std::uint8_t, salt_octets> salt{};
    std::size_t check_octets = 0;
};

EspOpener::EspOpener() = default;
EspOpener::~EspOpener() = default;

Result<void> EspOpener::add(const EspKey& key) {
    if (key.check_octets != 8 && key.check_octets != 12 && key.check_octets != 16)
        return fail(Code::invalid_input, fmt::format("a check value has 64, 96 or 128 bits, not {}", key.check_octets * 8));
    const EVP_CIPHER* cipher = key.key.size() > salt_octets ? cipher_of(key.key.size() - salt_octets) : nullptr;
    if (cipher == nullptr)
        return fail(Code::invalid_input, fmt::format("a key for AES-GCM has 20, 28 or 36 octets, the salt among them, not {}", key.key.size()));
    if (keys_ >= esp_keys_max) return fail(Code::limit_exceeded, fmt::format("more than {} keys", esp_keys_max));
    auto& known = associations_[key.spi];
    if (known.size() >= esp_keys_of_one_spi_max)
        return fail(Code::limit_exceeded, fmt::format("more than {} keys of SPI 0x{:08x}", esp_keys_of_one_spi_max, key.spi));
    auto association = std::make_unique<Association>();
    association->context.reset(EVP_CIPHER_CTX_new());
    const auto* octets = reinterpret_cast<const unsigned char*>(key.key.data());
    if (!association->context || EVP_DecryptInit_ex(association->context.get(), cipher, nullptr, octets, nullptr) != 1)
        return fail(Code::internal, "OpenSSL takes no key of AES-GCM");
    std::copy_n(octets + key.key.size() - salt_octets, salt_octets, association->salt.begin());
    association->check_octets = key.check_octets;
    known.push_back(std::move(association));
    ++keys_;
    return {};
}

bool EspOpener::decrypt(const Association& association, std::span<const std::uint8_t> esp, std::span<std::uint8_t> out) const {
    std::array<std::uint8_t, salt_octets + nonce_octets> nonce{};
    std::copy_n(association.salt.begin(), salt_octets, nonce.begin());
    std::copy_n(esp.data() + header_octets, nonce_octets, nonce.begin() + salt_octets);
    std::array<std::uint8_t, 16> check{};
    std::copy_n(esp.data() + esp.size() - association.check_octets, association.check_octets, check.begin());
    EVP_CIPHER_CTX* context = association.context.get();
    int written = 0;
    if (EVP_DecryptInit_ex(context, nullptr, nullptr, nullptr, nonce.data()) != 1) return false;
    if (EVP_DecryptUpdate(context, nullptr, &written, esp.data(), header_octets) != 1) return false;
    if (EVP_DecryptUpdate(context, out.data(), &written, esp.data() + header_octets + nonce_octets, static_cast<int>(out.size())) != 1) return false;
    if (EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, static_cast<int>(association.check_octets), check.data()) != 1) return false;
    return EVP_DecryptFinal_ex(context, out.data(), &written) == 1;
}

std::optional<EspOpener::Opened> EspOpener::open(std::span<const std::uint8_t> esp, std::uint32_t wire_length) {
    const auto count = [](std::uint64_t& what) {
        ++what;
        return std::nullopt;
    };
    if (esp.size() < header_octets) return count(counts_.cut);
    const std::uint32_t spi =
        static_cast<std::uint32_t>(esp[0]) << 24 | static_cast<std::uint32_t>(esp[1]) << 16 | static_cast<std::uint32_t>(esp[2]) << 8 | esp[3];
    const auto found = associations_.find(spi);
    if (found == associations_.end()) return count(counts_.unknown);
    if (esp.size() < wire_length) return count(counts_.cut);
    if (used_ == plain_.size()) plain_.emplace_back();
    std::vector<std::uint8_t>& plain = plain_[used_];
    bool long_enough = false;
    for (const auto& association : found->second) {
        const std::size_t around = header_octets + nonce_octets + association->check_octets;
        if (esp.size() < around + trailer_octets) continue;
        long_enough = true;
        plain.resize(esp.size() - around);
        if (!decrypt(*association, esp, plain)) continue;
        const std::size_t padding = plain[plain.size() - trailer_octets];
        if (padding + trailer_octets > plain.size()) return count(counts_.malformed);
        ++used_;
        ++counts_.opened;
        return Opened{plain.back(), std::span(plain).first(plain.size() - trailer_octets - padding)};
    }
    return count(long_enough ? counts_.wrong : counts_.malformed);
}

}  // namespace bulkhead::packet
