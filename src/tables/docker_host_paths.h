// SPDX-License-Identifier: Apache-2.0
// The paths of docker_host_path, for the tables that say more about them.
#pragma once

#include <vector>

#include "host/docker_paths.h"
#include "tables/host_rows.h"

namespace bulkhead::tables {

std::vector<host::DockerPath> docker_host_paths(Scan& scan);

}  // namespace bulkhead::tables
