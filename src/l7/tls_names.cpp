// SPDX-License-Identifier: Apache-2.0
// Names of TLS versions and cipher suites (IANA, "TLS Cipher Suites"): those that are met, and the weak ones that should not be.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "l7/tls_hello.h"

namespace bulkhead::l7 {

namespace {

using Row = std::pair<std::uint16_t, std::string_view>;

constexpr std::array ciphers = {
    Row{0x0000, "TLS_NULL_WITH_NULL_NULL"},
    Row{0x0001, "TLS_RSA_WITH_NULL_MD5"},
    Row{0x0002, "TLS_RSA_WITH_NULL_SHA"},
    Row{0x0003, "TLS_RSA_EXPORT_WITH_RC4_40_MD5"},
    Row{0x0004, "TLS_RSA_WITH_RC4_128_MD5"},
    Row{0x0005, "TLS_RSA_WITH_RC4_128_SHA"},
    Row{0x0006, "TLS_RSA_EXPORT_WITH_RC2_CBC_40_MD5"},
    Row{0x0007, "TLS_RSA_WITH_IDEA_CBC_SHA"},
    Row{0x0008, "TLS_RSA_EXPORT_WITH_DES40_CBC_SHA"},
    Row{0x0009, "TLS_RSA_WITH_DES_CBC_SHA"},
    Row{0x000a, "TLS_RSA_WITH_3DES_EDE_CBC_SHA"},
    Row{0x0014, "TLS_DHE_RSA_EXPORT_WITH_DES40_CBC_SHA"},
    Row{0x0015, "TLS_DHE_RSA_WITH_DES_CBC_SHA"},
    Row{0x0016, "TLS_DHE_RSA_WITH_3DES_EDE_CBC_SHA"},
    Row{0x0017, "TLS_DH_anon_EXPORT_WITH_RC4_40_MD5"},
    Row{0x0018, "TLS_DH_anon_WITH_RC4_128_MD5"},
    Row{0x001b, "TLS_DH_anon_WITH_3DES_EDE_CBC_SHA"},
    Row{0x002f, "TLS_RSA_WITH_AES_128_CBC_SHA"},
    Row{0x0032, "TLS_DHE_DSS_WITH_AES_128_CBC_SHA"},
    Row{0x0033, "TLS_DHE_RSA_WITH_AES_128_CBC_SHA"},
    Row{0x0034, "TLS_DH_anon_WITH_AES_128_CBC_SHA"},
    Row{0x0035, "TLS_RSA_WITH_AES_256_CBC_SHA"},
    Row{0x0038, "TLS_DHE_DSS_WITH_AES_256_CBC_SHA"},
    Row{0x0039, "TLS_DHE_RSA_WITH_AES_256_CBC_SHA"},
    Row{0x003a, "TLS_DH_anon_WITH_AES_256_CBC_SHA"},
    Row{0x003b, "TLS_RSA_WITH_NULL_SHA256"},
    Row{0x003c, "TLS_RSA_WITH_AES_128_CBC_SHA256"},
    Row{0x003d, "TLS_RSA_WITH_AES_256_CBC_SHA256"},
    Row{0x0041, "TLS_RSA_WITH_CAMELLIA_128_CBC_SHA"},
    Row{0x0045, "TLS_DHE_RSA_WITH_CAMELLIA_128_CBC_SHA"},
    Row{0x0067, "TLS_DHE_RSA_WITH_AES_128_CBC_SHA256"},
    Row{0x006b, "TLS_DHE_RSA_WITH_AES_256_CBC_SHA256"},
    Row{0x0084, "TLS_RSA_WITH_CAMELLIA_256_CBC_SHA"},
    Row{0x0088, "TLS_DHE_RSA_WITH_CAMELLIA_256_CBC_SHA"},
    Row{0x008c, "TLS_PSK_WITH_AES_128_CBC_SHA"},
    Row{0x008d, "TLS_PSK_WITH_AES_256_CBC_SHA"},
    Row{0x0096, "TLS_RSA_WITH_SEED_CBC_SHA"},
    Row{0x009c, "TLS_RSA_WITH_AES_128_GCM_SHA256"},
    Row{0x009d, "TLS_RSA_WITH_AES_256_GCM_SHA384"},
    Row{0x009e, "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256"},
    Row{0x009f, "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384"},
    Row{0x00a8, "TLS_PSK_WITH_AES_128_GCM_SHA256"},
    Row{0x00a9, "TLS_PSK_WITH_AES_256_GCM_SHA384"},
    Row{0x1301, "TLS_AES_128_GCM_SHA256"},
    Row{0x1302, "TLS_AES_256_GCM_SHA384"},
    Row{0x1303, "TLS_CHACHA20_POLY1305_SHA256"},
    Row{0x1304, "TLS_AES_128_CCM_SHA256"},
    Row{0x1305, "TLS_AES_128_CCM_8_SHA256"},
    Row{0xc007, "TLS_ECDHE_ECDSA_WITH_RC4_128_SHA"},
    Row{0xc008, "TLS_ECDHE_ECDSA_WITH_3DES_EDE_CBC_SHA"},
    Row{0xc009, "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA"},
    Row{0xc00a, "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA"},
    Row{0xc011, "TLS_ECDHE_RSA_WITH_RC4_128_SHA"},
    Row{0xc012, "TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA"},
    Row{0xc013, "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"},
    Row{0xc014, "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA"},
    Row{0xc015, "TLS_ECDH_anon_WITH_NULL_SHA"},
    Row{0xc018, "TLS_ECDH_anon_WITH_AES_128_CBC_SHA"},
    Row{0xc019, "TLS_ECDH_anon_WITH_AES_256_CBC_SHA"},
    Row{0xc023, "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256"},
    Row{0xc024, "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384"},
    Row{0xc027, "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256"},
    Row{0xc028, "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384"},
    Row{0xc02b, "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"},
    Row{0xc02c, "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"},
    Row{0xc02f, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"},
    Row{0xc030, "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"},
    Row{0xc09c, "TLS_RSA_WITH_AES_128_CCM"},
    Row{0xc09d, "TLS_RSA_WITH_AES_256_CCM"},
    Row{0xc0ac, "TLS_ECDHE_ECDSA_WITH_AES_128_CCM"},
    Row{0xc0ad, "TLS_ECDHE_ECDSA_WITH_AES_256_CCM"},
    Row{0xcca8, "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"},
    Row{0xcca9, "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256"},
    Row{0xccaa, "TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256"},
};
static_assert(std::ranges::is_sorted(ciphers, {}, &Row::first));

}  // namespace

std::string tls_version_name(std::uint16_t version) {
    switch (version) {
        case 0x0002: return "ssl2";
        case 0x0300: return "ssl3";
        case 0x0301: return "1.0";
        case 0x0302: return "1.1";
        case 0x0303: return "1.2";
        case 0x0304: return "1.3";
        default: break;
    }
    // Drafts of TLS 1.3 were in use for years.
    return version >> 8 == 0x7f ? fmt::format("1.3-draft{}", version & 0xff) : fmt::format("0x{:04x}", version);
}

std::string tls_cipher_name(std::uint16_t cipher) {
    const auto found = std::ranges::lower_bound(ciphers, cipher, {}, &Row::first);
    return found != ciphers.end() && found->first == cipher ? std::string(found->second) : fmt::format("0x{:04x}", cipher);
}

}  // namespace bulkhead::l7
