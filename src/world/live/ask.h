// SPDX-License-Identifier: Apache-2.0
// Asks a server one question of the closed list as somebody it does not know, only ever with --probe, from the calling thread's network namespace.
// Any thread.
#pragma once

#include <chrono>
#include <string>

#include "base/result.h"

namespace bulkhead::world {

inline constexpr int answer_connect_max_ms = 1'500;
inline constexpr std::chrono::milliseconds answer_time_max{3'000};  // from the connection to the end of the answer

// Target and answer are those of world/question.h.
Result<std::string> ask(const std::string& target);

}  // namespace bulkhead::world
