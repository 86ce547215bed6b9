// SPDX-License-Identifier: Apache-2.0
// Tells the service manager how it goes (sd_notify(3)): one datagram to the socket that NOTIFY_SOCKET names. Without one, nothing is done.
#pragma once

#include <string_view>

namespace bulkhead::cli {

// state: "READY=1", "RELOADING=1" (the time that systemd wants with it is added), "STOPPING=1". False: it was not sent.
bool notify_service(std::string_view state);

}  // namespace bulkhead::cli
