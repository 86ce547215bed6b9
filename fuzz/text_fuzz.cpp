// SPDX-License-Identifier: Apache-2.0
// The text functions that everything shown to a person goes through.
#include "base/text.h"
#include "fuzz/input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace bulkhead::text;
    const std::string_view text = bulkhead::fuzz::text_of(data, size);
    const std::string shown = printable(text);
    CHECK(is_utf8(shown));
    for (const char c : shown) CHECK(c != '\x1b' && c != '\0');  // no terminal is steered by what a container is called
    (void)display_width(text);
    (void)words(text);
    (void)lines(text);
    (void)to_integer(text);
    return 0;
}
