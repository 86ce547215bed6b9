// SPDX-License-Identifier: Apache-2.0
// What somebody signed for: a statement about what no machine can see, with who said it, when, and until when it holds. The user brings
// them along (--attestations); audit/attestations.h reads them. Values; any thread.
#pragma once

#include <string>

#include "base/clock.h"

namespace bulkhead::tables {

struct Attestation {
    std::string control;  // id
    std::string statement;
    std::string owner;
    std::string date;      // YYYY-MM-DD
    std::string expires;   // YYYY-MM-DD, the last day it holds
    std::string evidence;  // URL or path, or empty
    UnixMs dated_at = 0;   // first moment of `date`, UTC
    UnixMs ends_at = 0;    // first moment after `expires`, UTC
    std::string file;
    int line = 0;    // of its first key, from 1
    int column = 0;  // from 1

    [[nodiscard]] std::string place() const { return file + ":" + std::to_string(line); }
    [[nodiscard]] std::string locator() const { return "attestation:" + place(); }
};

}  // namespace bulkhead::tables
