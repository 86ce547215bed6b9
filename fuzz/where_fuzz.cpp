// SPDX-License-Identifier: Apache-2.0
// Expressions of --where: whatever SQLite makes of them, an answer is yes, no or a reason, and no statement gets through.
#include "flow/sample_flow.h"
#include "flow/where.h"
#include "fuzz/input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace bulkhead;
    static const flow::Observed flows[] = {flow::sample_flow(), flow::sample_http_flow(), flow::Observed{}};
    auto where = flow::Where::parse(fuzz::text_of(data, size));
    fuzz::check_result(where);
    if (!where) return 0;
    for (const flow::Observed& flow : flows) fuzz::check_result(where->takes(flow));
    return 0;
}
