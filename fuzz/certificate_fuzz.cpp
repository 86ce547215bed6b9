// SPDX-License-Identifier: Apache-2.0
// Certificates that an engine or a file of the host gives: what parses gives the same again.
#include "engine/certificate.h"
#include "fuzz/input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view pem = bulkhead::fuzz::text_of(data, size);
    const auto certificate = bulkhead::engine::parse_certificate(pem);
    bulkhead::fuzz::check_result(certificate);
    if (!certificate) return 0;
    const auto again = bulkhead::engine::parse_certificate(pem);
    CHECK(again && again->subject == certificate->subject && again->not_before == certificate->not_before && again->not_after == certificate->not_after);
    return 0;
}
