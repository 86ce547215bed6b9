// SPDX-License-Identifier: Apache-2.0
// Exceptions that a user wrote: each mistake is told with its file; what is taken has an owner, a reason and an end, and turns nothing but
// alarms into skips.
#include "audit/exceptions.h"
#include "fuzz/input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace bulkhead::audit;
    const auto exceptions = parse_exceptions(bulkhead::fuzz::text_of(data, size), "x.yaml");
    if (!exceptions) {
        CHECK(exceptions.error().message.starts_with("x.yaml:"));
        return 0;
    }
    for (const auto& one : *exceptions) {
        CHECK(!one.control.empty() && !one.resource.empty() && !one.owner.empty() && !one.reason.empty());
        CHECK(one.line > 0 && one.column > 0 && one.ends_at != 0);
    }
    std::vector<Control> judged(1);
    judged[0].id = "cis_v160_5_1";
    std::vector<Result> results = {{"cis_v160_5_1", "a", "web", Status::alarm, "Bad.", "", {}, {}},
                                   {"cis_v160_5_1", "b", "web", Status::unknown, "?", "", {}, {}}};
    (void)apply_exceptions(results, *exceptions, judged, 1'700'000'000'000);
    CHECK(results[0].status == Status::alarm || results[0].status == Status::skip);
    CHECK(results[1].status == Status::unknown && results[1].reason == "?");
    return 0;
}
