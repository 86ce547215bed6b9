// SPDX-License-Identifier: Apache-2.0
// watched_time: when somebody saw the traffic. What controls ask before they say that nobody came.
#include "tables/past_rows.h"
#include "world/question.h"

namespace bulkhead::tables {

namespace {

// Where no history can be asked (an engine elsewhere, a snapshot of a time before there was one), nobody watched for this audit.
std::vector<PastRow> rows_of(Scan& scan) {
    const auto reading = scan.facts().world.read(world::history_of("watched_time", {}));
    const bool nobody = reading->absent() || !world::was_asked(*reading) || (!reading->present() && reading->reason.starts_with(world::no_history));
    return nobody ? std::vector<PastRow>() : past_rows(scan, {.what = "watched_time", .keys = {}});
}

}  // namespace

Table watched_time() {
    return make_table<PastRow>(
        {.name = "watched_time",
         .help = "Times in which bulkhead serve saw the traffic of this host, by ascending time; no rows: nobody ever watched. Within them "
                 "blind_spot says what was missed.",
         .columns = past_columns({{"begin_time", Type::text, "since when"}, {"end_time", Type::text, "until when"}, {"seconds", Type::integer, "how long"}}),
         .examples = {"select sum(seconds) / 3600 as hours from watched_time"},
         .rows = rows_of});
}

}  // namespace bulkhead::tables
