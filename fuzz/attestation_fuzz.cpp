// SPDX-License-Identifier: Apache-2.0
// Attestations that a user wrote: each mistake is told with its file; what is taken has an owner and holds for some days, not for ever.
#include "audit/attestations.h"
#include "fuzz/input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view yaml = bulkhead::fuzz::text_of(data, size);
    const auto attestations = bulkhead::audit::parse_attestations(yaml, "x.yaml");
    if (!attestations) {
        CHECK(attestations.error().message.starts_with("x.yaml:"));
        return 0;
    }
    for (const auto& one : *attestations) {
        CHECK(!one.control.empty() && !one.statement.empty() && !one.owner.empty());
        CHECK(one.line > 0 && one.column > 0);
        CHECK(one.dated_at < one.ends_at && one.ends_at - one.dated_at <= (bulkhead::audit::attestation_days_max + 1) * 86'400'000LL);
    }
    return 0;
}
