// SPDX-License-Identifier: Apache-2.0
// JSON from outside: what was understood must be understood again from its own dump, with the same meaning.
#include "base/json.h"
#include "fuzz/input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using bulkhead::json::Document;
    const std::string_view text = bulkhead::fuzz::text_of(data, size);
    const auto document = Document::parse(text);
    bulkhead::fuzz::check_result(document);
    if (document) {
        const std::string dump = document->root().dump();
        const auto again = Document::parse(dump);
        CHECK(again.has_value());
        CHECK(again->root().dump() == dump);
    }
    // Whatever the bytes, quoted they are one JSON string.
    const auto quoted = Document::parse(bulkhead::json::quote(text));
    CHECK(quoted.has_value() && quoted->root().text().has_value());
    return 0;
}
