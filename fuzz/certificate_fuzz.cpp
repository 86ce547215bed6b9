// SPDX-License-Identifier: Apache-2.0
// Certificates that an engine or a file of the host gives: what parses gives the same again.
#include "engine/certificate.h"
#include "fuzz/input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view pem = bulkhead::fuzz::text_of(data, size);
    const auto certificates = bulkhead::engine::parse_certificates(pem);
    bulkhead::fuzz::check_result(certificates);
    if (!certificates) return 0;
    const auto again = bulkhead::engine::parse_certificates(pem);
    CHECK(again && again->size() == certificates->size());
    for (std::size_t i = 0; i < again->size(); ++i) CHECK((*again)[i].der == (*certificates)[i].der && (*again)[i].not_after == (*certificates)[i].not_after);
    return 0;
}
