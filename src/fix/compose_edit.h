// SPDX-License-Identifier: Apache-2.0
// A Compose file with one thing of one service changed, line by line, so that comments and layout stay. What was edited is parsed again:
// an edit that changed anything but what was meant is refused, never handed out. Pure; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace bulkhead::fix {

enum class ComposeChange : std::uint8_t {
    set,    // `key: value`
    item,   // `- value` in the list `key`
    ports,  // published ports without an address, or with a wildcard, get the address `value`
};

struct ComposeEdit {
    ComposeChange change = ComposeChange::set;
    std::string service;
    std::string key;
    std::string value;                // as YAML is written, on one line
    std::vector<std::string> unless;  // keys of the service beside which this is refused
};

// The text itself where it already says so. not_found: this file has no such service; unsupported: cannot be edited safely, and why.
Result<std::string> edit_compose(std::string_view text, const std::string& file, const ComposeEdit& edit);

}  // namespace bulkhead::fix
