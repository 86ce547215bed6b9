// SPDX-License-Identifier: Apache-2.0
// datapath_stats: what the datapath counted, over time.
#include "tables/past_rows.h"

namespace bulkhead::tables {

Table datapath_stats() {
    return make_table<PastRow>({.name = "datapath_stats",
                                .help = "Counters of the datapath since its start, as they were noted over time, out of the history that bulkhead serve keeps.",
                                .columns = past_columns({{"time", Type::text, "when"},
                                                         {"source", Type::text, "interface, ring, table or agent"},
                                                         {"name", Type::text, "what is counted"},
                                                         {"value", Type::integer, "count since the datapath's start"}}),
                                .examples = {"select name, max(value) from datapath_stats where source = 'ring' group by name"},
                                .rows = [](Scan& scan) { return past_rows(scan, {.what = "datapath_stats", .keys = {}, .times = {"time"}}); },
                                .reads_long = true,
                                .ranges = {"time"}});
}

}  // namespace bulkhead::tables
