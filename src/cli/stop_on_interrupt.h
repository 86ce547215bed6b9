// SPDX-License-Identifier: Apache-2.0
// Ctrl-C as a stop token, for work that waits on one. Owned by the main thread; one at a time.
#pragma once

#include <chrono>
#include <stop_token>
#include <thread>

#include "cli/interrupt.h"

namespace bulkhead::cli {

class StopOnInterrupt {
  public:
    StopOnInterrupt()
        : watching_([this](const std::stop_token& end) {
              constexpr std::chrono::milliseconds look_every{50};  // a signal handler may wake nobody
              while (!end.stop_requested() && !asked_) std::this_thread::sleep_for(look_every);
              if (asked_) source_.request_stop();
          }) {}

    [[nodiscard]] std::stop_token token() const { return source_.get_token(); }

  private:
    StopAsked asked_;
    std::stop_source source_;
    std::jthread watching_;  // last: ends before what it looks at
};

}  // namespace bulkhead::cli
