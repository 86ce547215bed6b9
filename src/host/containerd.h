// SPDX-License-Identifier: Apache-2.0
// The containerd that serves this engine: its program, where its settings are, and its socket and state folder as they really are.
// Source: containerd's cmd/containerd (flags -c, -a, --state) and docs/man/containerd-config.toml.5. Values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "host/engine_processes.h"
#include "host/host.h"

namespace bulkhead::host {

struct Containerd {
    std::int64_t pid = 0;
    std::string config;  // path; whether it is there is another question
    bool config_is_given = false;
    std::string address = "/run/containerd/containerd.sock";
    std::string state = "/run/containerd";
    std::string cmdline_locator;
    std::string told_by;  // locator of what told address and state
};

// More than one: an engine of its own beside one of the machine's. None and no problem: no such process is in sight.
Found<Containerd> containerds(Host& host, const Found<EngineProcess>& processes);

// The text of a key of a TOML file, of the part before the first [section] or of one section. Only what containerd's file needs.
std::optional<std::string> toml_text(std::string_view bytes, std::string_view section, std::string_view key);

}  // namespace bulkhead::host
