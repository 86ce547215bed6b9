// SPDX-License-Identifier: Apache-2.0
// edge: who talked to whom, summed up over all that the history keeps.
#include "tables/past_rows.h"

namespace bulkhead::tables {

Table edge() {
    return make_table<PastRow>(
        {.name = "edge",
         .help = "Who talked to whom on which port, summed up over all that the history of bulkhead serve keeps; blind_spot says when nobody watched.",
         .columns = past_columns({{"source_group", Type::text, "project/service, else container, else the kind of end"},
                                  {"source_kind", Type::text, "container, peer, service, gateway, host, node, external or unknown"},
                                  {"source_container", Type::text, "name of the container; of Swarm's tasks the service stands for all"},
                                  {"source_project", Type::text, "Compose project or stack"},
                                  {"source_service", Type::text, "service of Compose or of Swarm"},
                                  {"source_network", Type::text, "container network of the address"},
                                  {"source_host", Type::text, "node the end is on"},
                                  {"destination_group", Type::text, "as source_group"},
                                  {"destination_kind", Type::text, "as source_kind"},
                                  {"destination_container", Type::text, "as source_container"},
                                  {"destination_project", Type::text, "Compose project or stack"},
                                  {"destination_service", Type::text, "service of Compose or of Swarm"},
                                  {"destination_network", Type::text, "container network of the address"},
                                  {"destination_host", Type::text, "node the end is on"},
                                  {"protocol", Type::text, "tcp, udp, icmp, ..."},
                                  {"port", Type::integer, "of the destination; null: more ports in a minute than are named, as in a scan"},
                                  {"l7_name", Type::text, "what was spoken: http, dns, tls, ..."},
                                  {"first_seen", Type::text, "begin of the first flow"},
                                  {"last_seen", Type::text, "end of the last flow"},
                                  {"flows", Type::integer, "how many"},
                                  {"errors", Type::integer, "flows that were reset, unanswered, denied, or got an HTTP 5xx or an error of DNS"},
                                  {"packets_to_destination", Type::integer, "packets from source"},
                                  {"packets_to_source", Type::integer, "packets back"},
                                  {"bytes_to_destination", Type::integer, "bytes from source, all headers included"},
                                  {"bytes_to_source", Type::integer, "bytes back"}}),
         .examples = {"select source_group, destination_group, protocol, port, flows, last_seen from edge order by flows desc limit 20",
                      "select source_group, destination_group from edge where source_project <> destination_project"},
         .rows = [](Scan& scan) { return past_rows(scan, {.what = "edge", .keys = {}}); },
         .reads_long = true});
}

}  // namespace bulkhead::tables
