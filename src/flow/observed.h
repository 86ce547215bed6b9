// SPDX-License-Identifier: Apache-2.0
// A flow with its meaning: what a record says of addresses, and who and what they were at that time. This is what observe shows, what
// the history keeps and what tables yield. A value; any thread.
#pragma once

#include <optional>
#include <string>

#include "flow/identity.h"
#include "flow/l7.h"
#include "flow/record.h"

namespace bulkhead::flow {

enum class Verdict : std::uint8_t { allow, deny, audit };
std::string_view name(Verdict verdict);

// The other address an end was reached by, before (source) or behind (destination) a translation of the host.
struct Translated {
    packet::Address address{};  // mapped
    std::uint16_t port = 0;
};

struct Party {
    IdentityPtr identity;  // null: nobody looked
    ProcessPtr process;
    std::optional<Translated> translated;
    std::vector<std::string> names;  // by DNS answers that were seen on the wire
};

struct Observed {
    Record record;
    Party source, destination;
    L7Ptr l7;                       // null: not looked into
    std::string network;            // the container network it was seen on
    std::string node;               // that saw it
    std::optional<bool> encrypted;  // null: nothing on the wire tells
    Verdict verdict = Verdict::allow;
    bool userland_proxy = false;  // docker-proxy stands between the ends
    std::uint64_t loss = 0;       // packets of it that were counted only as lost
};

}  // namespace bulkhead::flow
