// SPDX-License-Identifier: Apache-2.0
// Control, benchmark and settings files that a user wrote: each mistake is told with file, line and column.
#include "audit/catalog.h"
#include "fuzz/input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view yaml = bulkhead::fuzz::text_of(data, size);
    const auto control = bulkhead::audit::parse_control(yaml, "x.yaml");
    if (!control) CHECK(control.error().message.starts_with("x.yaml:"));
    const auto benchmarks = bulkhead::audit::parse_benchmarks(yaml, "x.yaml");
    if (!benchmarks) CHECK(benchmarks.error().message.starts_with("x.yaml:"));
    const auto settings = bulkhead::audit::parse_settings(yaml, "x.yaml");
    if (!settings) CHECK(settings.error().message.starts_with("x.yaml:"));
    return 0;
}
