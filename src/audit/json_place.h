// SPDX-License-Identifier: Apache-2.0
// Where in a JSON text something stands, for messages to those who wrote it: the fast parser (base/json.h) tells what, not where. Only
// looked for once something is wrong. Pure; any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace bulkhead::audit {

// The first byte that no JSON text can have there; the end where it stops too early. REQUIRES: the text is no JSON.
std::size_t json_error_offset(std::string_view bytes);

// A key of an object or an index of an array, from the root down.
using JsonStep = std::variant<std::string_view, std::size_t>;

// Where the value begins that the steps lead to, or the last one on the way that is there. REQUIRES: the text is JSON.
std::size_t json_offset(std::string_view bytes, const std::vector<JsonStep>& steps);

// "FILE:LINE:COLUMN", both from 1, columns in bytes.
std::string place_in(const std::string& file, std::string_view bytes, std::size_t offset);

}  // namespace bulkhead::audit
