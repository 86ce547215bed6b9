// SPDX-License-Identifier: Apache-2.0
#include "host/docker_paths.h"

#include "host/docker_path_finder.h"

namespace bulkhead::host {

Found<DockerPath> docker_paths(Host& host, const EngineWord& word, const Found<DaemonSetting>& settings) {
    Found<DockerPath> found;
    if (!host.engine_pid()) {
        found.problems.push_back(host.engine_problem());
        return found;
    }
    DockerPathFinder finder(host, word, settings);
    finder.programs();
    finder.data_and_settings();
    finder.units();
    finder.sockets();
    finder.keys();
    found.items = finder.take();
    return found;
}

}  // namespace bulkhead::host
