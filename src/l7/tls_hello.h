// SPDX-License-Identifier: Apache-2.0
// The two hellos of TLS (RFC 8446, section 4.1; RFC 5246, section 7.4.1; SSL 2 in RFC 5246, appendix E.2). Of one that was cut, what
// is there. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "l7/bytes.h"

namespace bulkhead::l7 {

struct ClientHello {
    std::uint16_t version = 0;  // of the hello itself: 0x0303 in TLS 1.3 as well
    std::vector<std::uint16_t> ciphers, extensions, groups, signature_algorithms, supported_versions;
    std::vector<std::uint8_t> point_formats;
    std::string server_name;
    std::vector<std::string> alpn;
    bool whole = false;
};

struct ServerHello {
    std::uint16_t version = 0;  // what was chosen, also by the extension of TLS 1.3
    std::uint16_t hello_version = 0;
    std::uint16_t cipher = 0;
    std::vector<std::uint16_t> extensions;
    std::string alpn;
    bool whole = false;
};

// body: of the handshake message, or its beginning; length: what its header says.
ClientHello parse_client_hello(Span body, std::size_t length);
ServerHello parse_server_hello(Span body, std::size_t length);
std::optional<ClientHello> parse_ssl2_hello(Span bytes);  // with its two bytes of length

// RFC 8701: values that mean nothing, sent so that nobody gets used to their absence.
inline bool is_grease(std::uint16_t value) { return (value & 0x0f0f) == 0x0a0a && (value >> 8) == (value & 0xff); }

std::string tls_version_name(std::uint16_t version);  // "1.2", "ssl3"; "0x1234" where it is none
std::string tls_cipher_name(std::uint16_t cipher);    // IANA's; "0x1234" where it has no name here

}  // namespace bulkhead::l7
