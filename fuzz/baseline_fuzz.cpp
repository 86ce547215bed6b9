// SPDX-License-Identifier: Apache-2.0
// Baselines that a user gave: each mistake is told with its file; a comparison accounts for every alarm of both sides.
#include "audit/baseline.h"
#include "audit/json_place.h"
#include "fuzz/input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace bulkhead::audit;
    const std::string_view bytes = bulkhead::fuzz::text_of(data, size);
    const auto baseline = parse_baseline(bytes, "x.json");
    if (!baseline) {
        CHECK(baseline.error().message.starts_with("x.json:"));
        return 0;
    }
    CHECK(json_offset(bytes, {"results", baseline->results.size(), "status"}) <= bytes.size());
    Audit audit;
    audit.controls.resize(1);
    audit.controls[0].id = "csvs_3_1";
    audit.results = {{"csvs_3_1", "a", "web", Status::alarm, "Bad.", "", {}, {}}, {"csvs_3_1", "b", "db", Status::unknown, "?", "", {}, {}}};
    Catalog catalog;
    catalog.controls = audit.controls;
    compare(audit, *baseline, catalog, Coverage::whole);
    std::size_t alarms = 0;
    for (const BaselineResult& one : baseline->results) {
        CHECK(!one.control.empty());
        alarms += one.status == Status::alarm ? 1 : 0;
    }
    const Comparison& told = *audit.comparison;
    CHECK(told.new_alarms + told.known_alarms == 1);
    CHECK(told.known_alarms + told.fixed + told.skipped + told.unclear == alarms);
    return 0;
}
