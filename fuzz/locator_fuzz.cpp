// SPDX-License-Identifier: Apache-2.0
// Locators as they stand in a snapshot: one that parses is the text of what it parses to.
#include "fuzz/input.h"
#include "world/reading.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace bulkhead::world;
    const auto request = parse_locator(bulkhead::fuzz::text_of(data, size));
    bulkhead::fuzz::check_result(request);
    if (!request) return 0;
    const auto again = parse_locator(locator(*request));
    CHECK(again.has_value());
    CHECK(*again == *request);
    return 0;
}
