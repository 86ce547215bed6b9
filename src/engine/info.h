// SPDX-License-Identifier: Apache-2.0
// What the engine says of itself: GET /info, GET /version and GET /exec/ID/json. Values; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/fields.h"
#include "world/reading.h"

namespace bulkhead::engine {

struct SwarmState {
    std::string node_id;
    std::string node_addr;
    std::string local_node_state;  // inactive, pending, active, error, locked
    bool control_available = false;
    std::int64_t managers = 0;
    std::int64_t nodes = 0;
    std::string error;
};

struct Info {
    std::string id;
    std::string name;
    std::string server_version;
    std::string operating_system;
    std::string os_type;
    std::string architecture;
    std::string kernel_version;
    std::string docker_root_dir;
    std::string driver;
    std::string logging_driver;
    std::string cgroup_driver;
    std::string cgroup_version;
    std::string default_runtime;
    std::vector<std::string> security_options;
    std::vector<std::string> warnings;
    bool live_restore_enabled = false;
    SwarmState swarm;
    std::shared_ptr<const json::Document> document;  // the rest; never null
    world::ReadingPtr source;                        // set by Engine
};

struct Version {
    std::string version;
    std::string api_version;
    std::string min_api_version;
    std::string git_commit;
    std::string go_version;
    std::string os;
    std::string arch;
    std::string kernel_version;
    std::string build_time;
    std::string components;  // JSON
    world::ReadingPtr source;
};

struct Exec {
    std::string id;
    std::string container_id;
    bool running = false;
    std::int64_t pid = 0;
    std::string command;  // entrypoint and arguments, joined by blanks as in the exec's events
    std::string user;
    bool privileged = false;
    world::ReadingPtr source;
};

Result<Info> parse_info(std::string_view bytes);
Result<Version> parse_version(std::string_view bytes);
Result<Exec> parse_exec(std::string_view bytes);

}  // namespace bulkhead::engine
