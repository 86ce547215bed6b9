// SPDX-License-Identifier: Apache-2.0
// blind_spot: what the history does not know, so that nobody takes silence for proof.
#include "tables/past_rows.h"

namespace bulkhead::tables {

Table blind_spot() {
    return make_table<PastRow>(
        {.name = "blind_spot",
         .help = "Times in which nobody watched, in which something was not seen or not kept, and what was pruned since. What is asked of the other tables of "
                 "the history is known but for these.",
         .columns = past_columns({{"begin_time", Type::text, "since when; null: since ever"},
                                  {"end_time", Type::text, "until when"},
                                  {"cause", Type::text, "nobody_watched, queue_full, disk_full, write_failed, pruned_by_age, ..."},
                                  {"place", Type::text, "where, if it is not everywhere"},
                                  {"count", Type::integer, "flows, packets or events that are missing, as far as they were counted"},
                                  {"detail", Type::text, "what else is known"}}),
         .examples = {"select begin_time, end_time, cause, count from blind_spot order by end_time desc limit 10"},
         .rows = [](Scan& scan) { return past_rows(scan, {.what = "blind_spot", .keys = {}}); },
         .reads_long = true});
}

}  // namespace bulkhead::tables
