// SPDX-License-Identifier: Apache-2.0
// rtnetlink in a network namespace that is not ours: a socket belongs to where it was made, so one short-lived thread goes there (setns(2)) and makes
// it; afterwards it serves from anywhere. It also keeps that namespace alive: whoever holds one must let go when the namespace's owner does.
// Owned by the datapath thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/result.h"

struct mnl_socket;
struct nlmsghdr;

namespace bulkhead::datapath {

struct CloseMnl {
    void operator()(mnl_socket* socket) const;
};
using MnlSocket = std::unique_ptr<mnl_socket, CloseMnl>;

// The namespace at `path`; "" is our own.
struct NetnsIdentity {
    std::uint64_t device = 0, inode = 0;
    bool operator==(const NetnsIdentity&) const = default;
};
Result<NetnsIdentity> netns_identity(const std::string& path);

// Two sockets in the namespace: one for questions, one that hears of links (RTNLGRP_LINK), without blocking.
struct NetnsSockets {
    NetnsIdentity identity;
    MnlSocket questions, news;
};
// Errors: not_found, permission_denied, unavailable.
Result<NetnsSockets> open_netns_sockets(const std::string& path);

// Sends a question and hands its answers over. The errno of the kernel's refusal, 0 where it was done. `asked` needs no sequence number.
using Answered = std::function<void(const nlmsghdr&)>;
int ask(mnl_socket& socket, nlmsghdr& asked, const Answered& answered = {});

}  // namespace bulkhead::datapath
