// SPDX-License-Identifier: Apache-2.0
#include "world/question.h"

#include <fmt/format.h>

namespace bulkhead::world {

namespace {

constexpr std::string_view not_in_snapshot = "not in this snapshot";  // world/snapshot/snapshot_reader.cpp

}  // namespace

Request answer_of(std::string_view question, Over over, std::string_view address, int port, std::int64_t netns_pid) {
    Request request = banner_of(address, port, netns_pid);
    request.target = fmt::format("{}{}:[{}]:{}", question, over == Over::tls ? "+tls" : "", address, port);
    return request;
}

bool was_asked(const Reading& reading) { return reading.outcome != Outcome::failed || (reading.reason != not_probed && reading.reason != not_in_snapshot); }

}  // namespace bulkhead::world
