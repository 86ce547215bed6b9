// SPDX-License-Identifier: Apache-2.0
// Attestations: what people state about requirements that no machine can verify. A YAML list of {id, statement, owner, date, expires
// and, where there is one, evidence}; dates are YYYY-MM-DD, `expires` is the last day. Any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "audit/catalog.h"
#include "tables/attestation.h"

namespace bulkhead::audit {

inline constexpr std::size_t attestations_max = 1000;
inline constexpr int attestation_days_max = 1100;  // three years: who signs for longer does not look again

// One file's text. invalid_input, limit_exceeded: "FILE:LINE:COLUMN: what is wrong and what is allowed".
bulkhead::Result<std::vector<tables::Attestation>> parse_attestations(std::string_view yaml, const std::string& file);

// The two below in one.
bulkhead::Result<std::vector<tables::Attestation>> attestations_of(const std::vector<std::string>& files, const Catalog& catalog);

// All files, each at most yaml_bytes_max. not_found, permission_denied: a file that cannot be read; else as above.
bulkhead::Result<std::vector<tables::Attestation>> read_attestations(const std::vector<std::string>& files);

// Makes aliases ids. invalid_input, with file, line and column: a control that is not there or takes no attestation, or is answered twice.
bulkhead::Result<void> check_attestations(std::vector<tables::Attestation>& attestations, const Catalog& catalog);

// A file to fill in, with every control that takes attestations, or with those of `ids` (controls, aliases, benchmarks); invalid_input.
bulkhead::Result<std::string> attestation_template(const Catalog& catalog, const std::vector<std::string>& ids);

}  // namespace bulkhead::audit
