// SPDX-License-Identifier: Apache-2.0
// What an X.509 certificate in PEM says about its own life. Nothing is verified: who signed it is not asked. Any thread.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"

namespace bulkhead::engine {

inline constexpr std::size_t certificate_bytes_max = 1UL << 18U;

struct Certificate {
    std::string subject;  // "O = ..., CN = swarm-ca"
    UnixMs not_before = 0;
    UnixMs not_after = 0;
};

// The first certificate in the text. corrupt: there is none, or its times cannot be told.
Result<Certificate> parse_certificate(std::string_view pem);

}  // namespace bulkhead::engine
