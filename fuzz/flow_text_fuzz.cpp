// SPDX-License-Identifier: Apache-2.0
// A flow's JSON: what parses is written as JSON that parses to the same, and no text of it carries control bytes.
#include <algorithm>

#include "base/check.h"
#include "flow/observed_parse.h"
#include "flow/observed_text.h"
#include "fuzz/input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace bulkhead;
    const auto parsed = flow::parse_observed(fuzz::text_of(data, size));
    if (!parsed) return 0;
    std::string once, twice, words;
    flow::append_json(once, *parsed);
    const auto again = flow::parse_observed(once);
    CHECK(again || again.error().code == Code::limit_exceeded);
    if (!again) return 0;
    flow::append_json(twice, *again);
    CHECK(once == twice);
    flow::append_compact(words, *parsed, {.color = false, .width = 80});
    flow::FlowTableText({.width = 120}).append_row(words, *parsed, flow::Moment::over);
    words.pop_back();
    flow::append_dict(once, *parsed, {});
    CHECK(std::ranges::none_of(words, [](char c) { return static_cast<unsigned char>(c) < 0x20; }));
    return 0;
}
