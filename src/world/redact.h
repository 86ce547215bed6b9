// SPDX-License-Identifier: Apache-2.0
// Takes secrets out of engine answers before they are kept: environment values, build arguments, join tokens, data of configs,
// values whose key looks like a secret, credentials inside URLs and command lines. Names stay, so that every audit still works.
// What is not recognised as a secret stays: this lowers the harm of a snapshot in wrong hands, it does not make one public.
// Pure; any thread.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace bulkhead::world {

inline constexpr std::string_view redaction_mark = "<redacted>";

// The same JSON without its secrets. engine_target is the target of a Kind::engine request; events are redacted line by line.
// corrupt: not JSON, or nested too deep: keep nothing of such an answer.
Result<std::string> redact(std::string_view engine_target, std::string_view json);

bool looks_secret(std::string_view key);               // "DB_PASSWORD", "api-key", "registryToken"
std::string redact_text(std::string_view text);        // "http://<redacted>@host", "--password=<redacted>"
std::string redact_build_step(std::string_view step);  // an image's history line: ENV and ARG keep names only

}  // namespace bulkhead::world
