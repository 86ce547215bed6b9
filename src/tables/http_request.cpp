// SPDX-License-Identifier: Apache-2.0
// http_request: HTTP requests in the clear, out of the history.
#include "tables/past_rows.h"

namespace bulkhead::tables {

Table http_request() {
    return make_table<PastRow>(
        {.name = "http_request",
         .help = "HTTP requests that were seen in the clear and their status, out of the history that bulkhead serve keeps.",
         .columns = past_columns(with_ends({{"time", Type::text, "when it was sent"},
                                            {"method", Type::text, "GET, POST, ..."},
                                            {"host", Type::text, "host that was asked for"},
                                            {"path", Type::text, "path without its query, which may hold secrets"},
                                            {"version", Type::text, "1.0, 1.1 or 2"},
                                            {"status", Type::integer, "of the answer; null: none was seen"},
                                            {"latency_us", Type::integer, "from the request to its answer"},
                                            {"grpc", Type::boolean, "whether it is a call of gRPC"}})),
         .keys = end_keys(),
         .examples = {"select destination_service, path, count(*) from http_request where status >= 500 group by 1, 2",
                      "select time, method, host, path, status from http_request where destination_service = 'api' order by time desc limit 20"},
         .rows = [](Scan& scan) { return past_rows(scan, {.what = "http_request", .keys = end_keys(), .times = {"time"}}); },
         .reads_long = true,
         .ranges = {"time"}});
}

}  // namespace bulkhead::tables
