// SPDX-License-Identifier: Apache-2.0
// --baseline FILE, whichever of the two it is: a report, which is read, or a snapshot, which is audited as the run itself is.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "audit/baseline.h"
#include "cli/audit_options.h"
#include "tables/attestation.h"

namespace bulkhead::cli {

// Nothing where no baseline was asked for; else as audit::parse_baseline and world::SnapshotReader say. invalid_input: neither of the two.
bulkhead::Result<std::optional<audit::Baseline>> baseline_of(const AuditOptions& options, const GlobalOptions& global, const audit::Catalog& catalog,
                                                             const sql::Settings& settings, const std::vector<tables::Attestation>& attestations);

}  // namespace bulkhead::cli
