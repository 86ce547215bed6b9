// SPDX-License-Identifier: Apache-2.0
// All that `audit` and `explain` take as an id, for near misses.
#pragma once

#include <string>
#include <vector>

#include "audit/catalog.h"

namespace bulkhead::cli {

inline std::vector<std::string> audit_ids(const audit::Catalog& catalog) {
    std::vector<std::string> ids;
    for (const audit::Control& control : catalog.controls) {
        ids.push_back(control.id);
        ids.insert(ids.end(), control.aliases.begin(), control.aliases.end());
    }
    for (const audit::Benchmark& benchmark : catalog.benchmarks) ids.push_back(benchmark.id);
    return ids;
}

// "docker_compliance.control.cis_v160_2_2", as Powerpipe says it, means the control cis_v160_2_2.
inline std::string bare_id(const std::string& id) {
    for (const std::string_view kind : {".control.", ".benchmark."}) {
        if (const std::size_t at = id.find(kind); at != std::string::npos) return id.substr(at + kind.size());
    }
    return id;
}

}  // namespace bulkhead::cli
