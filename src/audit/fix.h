// SPDX-License-Identifier: Apache-2.0
// A control's remedies as data: what could be changed where, for the room fix/ to make a plan of (docs/fixes.md). Plain values.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace YAML {
class Node;
}

namespace bulkhead::audit {

enum class FixKind : std::uint8_t {
    daemon_json,    // a setting of daemon.json: `value` is JSON, or `remove`
    compose,        // a key of a Compose service: `value` is written behind it
    compose_item,   // one more item in a list of a Compose service
    compose_ports,  // the address that published ports without one get
    file_mode,      // permission bits that may stay
    file_owner,     // UID:GID
    unit_drop_in,   // a drop-in of a systemd unit: `value` is its text
    command,        // what the user runs; {name} is the name of what was judged
    by_hand,        // what the user does, in words
};
inline constexpr FixKind fix_kinds[] = {FixKind::daemon_json, FixKind::compose,      FixKind::compose_item, FixKind::compose_ports, FixKind::file_mode,
                                        FixKind::file_owner,  FixKind::unit_drop_in, FixKind::command,      FixKind::by_hand};
std::string_view name(FixKind kind);

inline constexpr std::string_view remove_value = "remove";

struct Fix {
    FixKind kind = FixKind::by_hand;
    std::string target;               // what stands behind the kind's own key
    std::string value;                // where the kind has one
    std::vector<std::string> unless;  // keys of a Compose service beside which this would be wrong
    std::vector<std::string> then;    // reload, restart (the engine), recreate (the containers): what the user does for it to be in force
    std::string mind;                 // what to look at before
    std::string risk;                 // not empty: only where the user asks for risky fixes, and why
};

// The list below a control's key `fix`. invalid_input with file, line and column.
bulkhead::Result<std::vector<Fix>> parse_fixes(const YAML::Node& node, const std::string& file);

}  // namespace bulkhead::audit
