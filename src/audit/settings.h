// SPDX-License-Identifier: Apache-2.0
// Settings: what a user decides (who is trusted, how old is too old) and controls judge by. They are declared in settings.yaml files
// beside the controls and given by --setting and --settings. Any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "audit/catalog.h"
#include "sql/setting_functions.h"

namespace bulkhead::audit {

// The names that SQL asks for with setting('name') and setting_has('name', ...), each once, in order.
std::vector<std::string> settings_used(std::string_view sql);

// Every declared setting with its value: its default, else the file's ("name: value" or "name: [value, value]"; empty: no file), else
// the last NAME=VALUE. invalid_input: a name that is not declared (with the nearest one), a value that is not of its type.
bulkhead::Result<sql::Settings> resolve_settings(const Catalog& catalog, const std::string& file, const std::vector<std::string>& given);

// "allowed_ports=80,443, swarm_expected=1": those that are not as declared, for a report to say by what it judged. Empty: all are.
std::string changed_settings(const Catalog& catalog, const sql::Settings& settings);

}  // namespace bulkhead::audit
