// SPDX-License-Identifier: Apache-2.0
// What a server's certificate says of itself, read by OpenSSL; nothing of it is verified here. Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "l7/bytes.h"

namespace bulkhead::l7 {

struct TlsCertificate {
    std::string subject, issuer;  // as RFC 2253 writes names
    std::int64_t not_after = 0;   // seconds since 1970; 0: not readable
    bool self_issued = false;     // subject and issuer are one
};

std::optional<TlsCertificate> parse_certificate(Span der);

}  // namespace bulkhead::l7
