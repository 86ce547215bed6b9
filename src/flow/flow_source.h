// SPDX-License-Identifier: Apache-2.0
// Where flows with their meaning come from: a capture file, a file of flows, the history, this host as it runs. What observe, map and top
// show is the same whichever it is. One implementation a file; whoever opens one says what it needs.
#pragma once

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>

#include "base/result.h"
#include "flow/observed.h"

namespace bulkhead::flow {

// Which of a flow's moments is handed over. Sources that know flows only as a whole (files, history) hand each over once, as `over`
// also where its record still says `running`. A live source hands a flow over as it begins, from time to time while it goes on (counts
// are always of the whole flow so far, never of what came since), and once as it ends.
enum class Moment : std::uint8_t { begun, going_on, over };

// false: no more flows are wanted, run() returns soon and without an error. Called by one thread at a time.
using Taken = std::function<bool(const Observed&, Moment)>;

class FlowSource {
  public:
    virtual ~FlowSource() = default;
    // Hands over flows until there are no more of them, or until somebody stops it; a source that follows never ends by itself. Once.
    virtual Result<void> run(const std::stop_token& stop, const Taken& taken) = 0;
    // After run: what the flows do not show, as one line for people: frames that are no flow's, losses, what was not seen in the time that
    // was asked for. Empty: there is nothing to tell. `chosen`: flows that a filter let through.
    [[nodiscard]] virtual std::string account(std::uint64_t chosen) const = 0;
};

}  // namespace bulkhead::flow
