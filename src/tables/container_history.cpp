// SPDX-License-Identifier: Apache-2.0
// container_history: containers as they were born and died, also those that are gone.
#include "tables/past_rows.h"

namespace bulkhead::tables {

Table container_history() {
    return make_table<PastRow>(
        {.name = "container_history",
         .help = "Births and deaths of containers, with what the engine said of them then, out of the history that bulkhead serve keeps.",
         .columns = past_columns({{"time", Type::text, "when"},
                                  {"event", Type::text, "born or died"},
                                  {"container_id", Type::text, "full id of the container"},
                                  {"container_name", Type::text, "name without the leading slash"},
                                  {"image", Type::text, "image it was started from"},
                                  {"project", Type::text, "Compose project or stack"},
                                  {"service", Type::text, "service of Compose or of Swarm"},
                                  {"exit_code", Type::integer, "of a death"},
                                  {"inspect", Type::json, "what the engine said of it, secrets taken out"}}),
         .keys = {"container_id", "container_name"},
         .examples = {"select time, event, exit_code from container_history where container_name = 'web'",
                      "select container_name, inspect ->> '$.HostConfig.Privileged' from container_history where event = 'born'"},
         .rows = [](Scan& scan) { return past_rows(scan, {.what = "container_history", .keys = {"container_id", "container_name"}, .times = {"time"}}); },
         .reads_long = true,
         .ranges = {"time"}});
}

}  // namespace bulkhead::tables
