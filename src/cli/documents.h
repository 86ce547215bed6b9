// SPDX-License-Identifier: Apache-2.0
// The documents that are made of the program itself: man pages (scdoc's format), the list of tables, the list of controls. tools/make_docs
// writes them, and tests/documents_test.cpp fails where those in docs/ are others.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "audit/catalog.h"
#include "cli/surface.h"
#include "tables/table.h"

namespace bulkhead::cli {

// By path in the project: docs/man/bulkhead.1.scd, docs/man/bulkhead-audit.1.scd ...
std::map<std::string, std::string> man_pages(const std::vector<OfferedCommand>& commands);
std::string tables_document(const std::vector<tables::Table>& tables);
std::string controls_document(const audit::Catalog& catalog);

// All of them, of this program.
Result<std::map<std::string, std::string>> documents();

}  // namespace bulkhead::cli
