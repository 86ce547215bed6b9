// SPDX-License-Identifier: Apache-2.0
// Which engine is meant, found as the docker CLI finds it: --host, DOCKER_HOST, DOCKER_CONTEXT, the current context of
// ~/.docker/config.json, else the usual socket. Source: docker CLI, "Environment variables" and cli/context/store. Any thread.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/result.h"

namespace bulkhead::world {

inline constexpr std::string_view engine_socket_default = "/var/run/docker.sock";

struct EngineTls {
    std::string ca;    // paths of PEM files; empty: the system's roots
    std::string cert;  // and no client certificate
    std::string key;
    bool verify = true;

    bool operator==(const EngineTls&) const = default;
};

struct EngineAddress {
    std::string unix_path;  // empty: tcp
    std::string host;
    int port = 0;
    std::optional<EngineTls> tls;
    std::string found_in = "default";  // --host, DOCKER_HOST, DOCKER_CONTEXT, config.json, default

    [[nodiscard]] bool is_unix() const { return !unix_path.empty(); }
    [[nodiscard]] std::string text() const;  // "unix:///var/run/docker.sock", "tcp://10.0.0.1:2376"
};

struct EngineOptions {
    std::optional<std::string> host;                                            // --host
    std::function<std::optional<std::string>(const std::string&)> environment;  // a variable's value; nothing where it is not set
};

// invalid_input: no such form of address; unsupported: ssh, npipe, fd; not_found: the context does not exist.
Result<EngineAddress> find_engine(const EngineOptions& options);

}  // namespace bulkhead::world
