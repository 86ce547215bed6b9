// SPDX-License-Identifier: Apache-2.0
// The effective value of each setting of the engine, and where it came from: a flag of its process, its configuration file in its
// own root, or the documented default. The environment is not read. The file is what it is now: one changed since the engine
// started is in force only after a restart or a reload.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/host.h"

namespace bulkhead::host {

struct DaemonSetting {
    std::string name;                  // as in daemon.json
    std::optional<std::string> value;  // JSON; nothing where it is the default and that is not known
    std::string source;                // flag, file, default
    std::string locator;
    bool conflict = false;                          // by flag and in the file: dockerd refuses to start so
    std::optional<std::string> documented_default;  // JSON
    std::string note;
};

// engine_version as the engine tells it, "20.10.24+dfsg1"; some defaults depend on it. Where the command line cannot be read there
// are no items; where only the file cannot be, those of the flags alone.
Found<DaemonSetting> dockerd_config(Host& host, const std::optional<std::string>& engine_version);

// Where the engine looks for its file, whether it is there or not.
struct ConfigPath {
    std::string path;
    std::string locator;  // of what told it
};
Result<ConfigPath> dockerd_config_path(Host& host);

// The members of daemon.json as JSON, with those below "proxies" lifted out. corrupt: not a JSON object, with line and column.
Result<std::map<std::string, std::string>> parse_daemon_json(std::string_view bytes);

}  // namespace bulkhead::host
