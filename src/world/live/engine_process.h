// SPDX-License-Identifier: Apache-2.0
// Which process answers on the engine's socket: the socket's peer credentials (unix(7), SO_PEERCRED), and where those name a process
// that only listens on the engine's behalf (systemd socket activation), the dockerd that holds the listening socket.
#pragma once

#include <string>

#include "base/result.h"

namespace bulkhead::world {

// JSON {"pid":N,"uid":N,"how":"...","socket":"/run/docker.sock"}. Errors say why nothing may be said about the host. Any thread.
Result<std::string> find_engine_process(const std::string& socket_path);

}  // namespace bulkhead::world
