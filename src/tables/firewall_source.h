// SPDX-License-Identifier: Apache-2.0
// What the tables of the firewall have in common: the engine's rules read, and conditions of a rule as text of a column.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "host/firewall.h"
#include "tables/table.h"

namespace bulkhead::tables {

// The rules in the engine's network namespace. What could not be read is reported to the scan; nothing at all where the engine's
// process is not known.
std::optional<host::Firewall> read_engine_firewall(Scan& scan);

// The values of the rule's condition with one of these options, "!" in front where negated: "!docker0", "10.0.0.0/8". Empty: none.
std::string condition_text(const host::FirewallRule& rule, std::initializer_list<std::string_view> options);
// All conditions as JSON: [{"module":..,"option":..,"negated":false,"values":[..]}].
std::string conditions_json(const host::FirewallRule& rule);
std::string texts_json(const std::vector<std::string>& texts);

}  // namespace bulkhead::tables
