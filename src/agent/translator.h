// SPDX-License-Identifier: Apache-2.0
// Asks the host's connection tracking what a connection was translated to: published ports, masquerade. Bounded in questions a second;
// what was not asked is counted. Owned by the flow thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "flow/record.h"
#include "host/conntrack.h"
#include "world/live/conntrack.h"

namespace bulkhead::agent {

inline constexpr std::uint32_t questions_a_second_max = 2'000;  // of about ten microseconds each

struct TranslatorCounts {
    std::uint64_t asked = 0, found = 0, failed = 0, left_out = 0;
    std::string last_failure;
};

class Translator {
  public:
    // netns_pid: of a process in the namespace that translates, the engine's; 0: ours. Where it cannot ask, it says so in its counts.
    explicit Translator(std::int64_t netns_pid);

    std::optional<host::Translation> translate(const flow::Record& record, std::int64_t now_ns);
    [[nodiscard]] const TranslatorCounts& counts() const { return counts_; }

  private:
    std::optional<host::Tracked> ask(const host::Tuple& tuple, host::By by);

    std::optional<world::ConntrackSocket> socket_;
    std::int64_t second_ = 0;
    std::uint32_t asked_in_second_ = 0;
    TranslatorCounts counts_;
};

}  // namespace bulkhead::agent
