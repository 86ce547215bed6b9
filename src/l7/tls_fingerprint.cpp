// SPDX-License-Identifier: Apache-2.0
#include "l7/tls_fingerprint.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <memory>

namespace bulkhead::l7 {

namespace {

constexpr std::size_t ja4_hash_letters = 12;

// Fetched once: to look an algorithm up costs more than to hash with it.
struct Digest {
    explicit Digest(const char* name) : md(EVP_MD_fetch(nullptr, name, nullptr)), context(EVP_MD_CTX_new()) {}
    ~Digest() {
        EVP_MD_CTX_free(context);
        EVP_MD_free(md);
    }
    Digest(const Digest&) = delete;
    Digest& operator=(const Digest&) = delete;
    EVP_MD* md;
    EVP_MD_CTX* context;

    // Hex; empty where this OpenSSL does not offer the algorithm (MD5 in FIPS mode).
    [[nodiscard]] std::string of(std::string_view text) const {
        std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
        unsigned int size = 0;
        if (md == nullptr || context == nullptr || EVP_DigestInit_ex2(context, md, nullptr) != 1 || EVP_DigestUpdate(context, text.data(), text.size()) != 1 ||
            EVP_DigestFinal_ex(context, out.data(), &size) != 1)
            return {};
        std::string hex;
        for (unsigned int i = 0; i < size; ++i) fmt::format_to(std::back_inserter(hex), "{:02x}", out[i]);
        return hex;
    }
};

std::string md5(std::string_view text) {
    thread_local const Digest digest("MD5");
    return digest.of(text);
}

std::string sha256_begin(std::string_view text) {
    thread_local const Digest digest("SHA256");
    return digest.of(text).substr(0, ja4_hash_letters);
}

template <class List>
std::string dashed(const List& list) {
    std::string out;
    for (const auto value : list) {
        if (sizeof value == 2 && is_grease(value)) continue;
        if (!out.empty()) out += '-';
        fmt::format_to(std::back_inserter(out), "{}", value);
    }
    return out;
}

std::string hex_list(const std::vector<std::uint16_t>& list) {
    std::string out;
    for (const std::uint16_t value : list) fmt::format_to(std::back_inserter(out), "{}{:04x}", out.empty() ? "" : ",", value);
    return out;
}

std::vector<std::uint16_t> meaningful(const std::vector<std::uint16_t>& list) {
    std::vector<std::uint16_t> out;
    std::ranges::copy_if(list, std::back_inserter(out), [](std::uint16_t value) { return !is_grease(value); });
    return out;
}

std::string_view ja4_version(const ClientHello& hello) {
    std::uint16_t version = 0;
    for (const std::uint16_t one : meaningful(hello.supported_versions)) version = std::max(version, one);
    switch (version != 0 ? version : hello.version) {
        case 0x0304: return "13";
        case 0x0303: return "12";
        case 0x0302: return "11";
        case 0x0301: return "10";
        case 0x0300: return "s3";
        case 0x0002: return "s2";
        default: return "00";
    }
}

// The first and the last letter of the first protocol; of its hex form where one of them is none.
std::string ja4_alpn(const ClientHello& hello) {
    if (hello.alpn.empty() || hello.alpn[0].empty()) return "00";
    const std::string& first = hello.alpn[0];
    const auto is_letter = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    if (is_letter(first.front()) && is_letter(first.back())) return {first.front(), first.back()};
    const std::string begin = fmt::format("{:02x}", static_cast<unsigned char>(first.front()));
    const std::string end = fmt::format("{:02x}", static_cast<unsigned char>(first.back()));
    return {begin[0], end[1]};
}

std::string ja4_hash(const std::string& text) { return text.empty() ? std::string(ja4_hash_letters, '0') : sha256_begin(text); }

}  // namespace

std::string ja3_text(const ClientHello& hello) {
    return fmt::format("{},{},{},{},{}", hello.version, dashed(hello.ciphers), dashed(hello.extensions), dashed(hello.groups), dashed(hello.point_formats));
}

std::string ja3(const ClientHello& hello) { return md5(ja3_text(hello)); }

// With what nobody understands as it is: a server does not send it.
std::string ja3s(const ServerHello& hello) {
    std::string extensions;
    for (const std::uint16_t one : hello.extensions) fmt::format_to(std::back_inserter(extensions), "{}{}", extensions.empty() ? "" : "-", one);
    return md5(fmt::format("{},{},{}", hello.hello_version, hello.cipher, extensions));
}

std::string ja4(const ClientHello& hello) {
    constexpr std::uint16_t server_name = 0, alpn = 16;
    constexpr std::size_t shown_max = 99;
    std::vector<std::uint16_t> ciphers = meaningful(hello.ciphers);
    std::vector<std::uint16_t> extensions = meaningful(hello.extensions);
    const std::size_t extension_count = extensions.size();
    const bool named = std::ranges::find(extensions, server_name) != extensions.end();
    std::erase_if(extensions, [](std::uint16_t one) { return one == server_name || one == alpn; });
    std::ranges::sort(ciphers);
    std::ranges::sort(extensions);
    std::string second = hex_list(extensions);
    if (!second.empty() && !hello.signature_algorithms.empty()) second += "_" + hex_list(meaningful(hello.signature_algorithms));
    return fmt::format("t{}{}{:02}{:02}{}_{}_{}", ja4_version(hello), named ? 'd' : 'i', std::min(ciphers.size(), shown_max),
                       std::min(extension_count, shown_max), ja4_alpn(hello), ja4_hash(hex_list(ciphers)), ja4_hash(second));
}

}  // namespace bulkhead::l7
