// SPDX-License-Identifier: Apache-2.0
// The output of nft -j list ruleset.
#include "fuzz/firewall_input.h"
#include "fuzz/input.h"
#include "host/firewall_parse.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace bulkhead;
    auto tables = host::parse_nft_ruleset(fuzz::text_of(data, size), "program:nft -j list ruleset@netns:1");
    fuzz::check_result(tables);
    if (!tables) return 0;
    auto saved = *tables;
    (void)host::merge_nft_tables(saved, *tables);
    fuzz::walk(std::move(saved));
    return 0;
}
