// SPDX-License-Identifier: Apache-2.0
// The one byte sequence that a JSON value is signed as (canonical JSON of The Update Framework: keys in byte order, no blanks, of all
// characters only quote and backslash escaped, whole numbers only). Any thread.
#pragma once

#include <boost/json/value.hpp>
#include <string>
#include <string_view>

#include "base/result.h"

namespace bulkhead::trust {

// Bounded in depth and size; the last of two equal keys wins, as in Go's decoder, which signers use.
Result<boost::json::value> parse_json(std::string_view bytes);

// invalid_input: a number that is not whole or not exact (beyond 2^53).
Result<std::string> canonical_json(const boost::json::value& value);

}  // namespace bulkhead::trust
