// SPDX-License-Identifier: Apache-2.0
// dns_query: what names were asked for, out of the history.
#include "tables/past_rows.h"

namespace bulkhead::tables {

Table dns_query() {
    return make_table<PastRow>({.name = "dns_query",
                                .help = "DNS queries that were seen on the wire and their answers, out of the history that bulkhead serve keeps.",
                                .columns = past_columns(with_ends({{"time", Type::text, "when it was asked"},
                                                                   {"name", Type::text, "name that was asked for, without the last dot"},
                                                                   {"type", Type::text, "A, AAAA, MX, ..."},
                                                                   {"rcode", Type::text, "NOERROR, NXDOMAIN, ...; null: no answer was seen"},
                                                                   {"answers", Type::json, "addresses and names of the answer"},
                                                                   {"ttl", Type::integer, "seconds, the least of the answers"},
                                                                   {"latency_us", Type::integer, "from the query to its answer"}})),
                                .keys = end_keys(),
                                .examples = {"select name, count(*) from dns_query where rcode = 'NXDOMAIN' group by name order by 2 desc limit 10",
                                             "select time, name, answers from dns_query where source_service = 'web' and time >= '2026-11-22T12:00:00Z'"},
                                .rows = [](Scan& scan) { return past_rows(scan, {.what = "dns_query", .keys = end_keys(), .times = {"time"}}); },
                                .reads_long = true,
                                .ranges = {"time"}});
}

}  // namespace bulkhead::tables
