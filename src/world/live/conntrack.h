// SPDX-License-Identifier: Apache-2.0
// Questions to the connection tracking of one network namespace, one connection at a time (linux/netfilter/nfnetlink_conntrack.h). Only
// ever asks. Owned by one thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

struct mnl_socket;

namespace bulkhead::world {

class ConntrackSocket {
  public:
    // netns_pid: of a process in the namespace; 0: ours. permission_denied, unsupported (not in this kernel), unavailable.
    static Result<ConntrackSocket> open(std::int64_t netns_pid);

    // body: nfgenmsg and the tuple that is looked for. The body of the answer; nothing where there is no such connection.
    Result<std::optional<std::string>> ask(std::string_view body);

  private:
    struct Close {
        void operator()(mnl_socket* socket) const;
    };
    explicit ConntrackSocket(mnl_socket* socket) : socket_(socket) {}
    std::unique_ptr<mnl_socket, Close> socket_;
    std::uint32_t sequence_ = 1;
};

}  // namespace bulkhead::world
