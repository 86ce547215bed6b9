// SPDX-License-Identifier: Apache-2.0
// Taking secrets out: the first line is the request's target, the rest the engine's answer. What is left is still JSON, and holds
// no more secrets to take out.
#include "base/json.h"
#include "fuzz/input.h"
#include "world/redact.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace bulkhead;
    const std::string_view input = fuzz::text_of(data, size);
    const std::size_t end = input.find('\n');
    if (end == std::string_view::npos) {
        const std::string once = world::redact_text(input);
        CHECK(world::redact_text(once) == once);
        (void)world::redact_build_step(input);
        (void)world::looks_secret(input);
        return 0;
    }
    const std::string_view target = input.substr(0, end);
    const auto once = world::redact(target, input.substr(end + 1));
    fuzz::check_result(once);
    if (!once) return 0;
    if (!target.starts_with("/events")) CHECK(json::Document::parse(*once).has_value());
    const auto twice = world::redact(target, *once);
    CHECK(twice.has_value());
    CHECK(*twice == *once);
    return 0;
}
