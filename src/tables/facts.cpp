// SPDX-License-Identifier: Apache-2.0
#include "tables/facts.h"

#include <vector>

namespace bulkhead::tables {

void Facts::prefetch() {
    std::vector<world::Request> requests = {world::engine_process()};
    for (const char* target : {"/info", "/version", "/containers/json?all=1", "/networks", "/plugins", "/images/json?all=0", "/events?recent"}) {
        requests.push_back(world::engine_get(target));
    }
    requests.push_back(world::directory_at("/proc"));
    world.prefetch(requests);
}

}  // namespace bulkhead::tables
