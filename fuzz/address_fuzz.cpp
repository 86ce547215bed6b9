// SPDX-License-Identifier: Apache-2.0
// Addresses and prefixes: text that parses gives a canonical form, which parses to the same value; a prefix contains itself.
#include "base/ip.h"
#include "fuzz/input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = bulkhead::fuzz::text_of(data, size);
    const auto address = bulkhead::IpAddress::parse(text);
    bulkhead::fuzz::check_result(address);
    if (address) CHECK(bulkhead::IpAddress::parse(address->text()) == *address);
    const auto prefix = bulkhead::Prefix::parse(text);
    bulkhead::fuzz::check_result(prefix);
    if (!prefix) return 0;
    const auto again = bulkhead::Prefix::parse(prefix->text());
    CHECK(again.has_value());
    CHECK(again->text() == prefix->text());
    CHECK(prefix->overlaps(*again) && prefix->contains(prefix->address()));
    return 0;
}
