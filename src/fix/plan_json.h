// SPDX-License-Identifier: Apache-2.0
// A plan as JSON: for programs, and as the file that `fix --apply FILE` compares with. Such a file is never carried out: the plan is made
// anew, and the file says what of it was looked at. Any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "fix/plan.h"
#include "fix/plan_text.h"

namespace bulkhead::fix {

inline constexpr std::size_t plan_file_bytes_max = 16UL << 20U;

// What was asked for: the same has to be asked again.
struct Asked {
    std::vector<std::string> ids;
    std::vector<std::string> compose_files, env_files, profiles, settings;
    std::string settings_file;
    bool use_environment = false;
    PlanOptions options;
};

struct Reviewed {
    Asked asked;
    std::vector<std::string> changes;
};

// One line that says exactly what a change does: "content /etc/docker/daemon.json of the engine sha256:... -> sha256:...".
std::string exact(const Change& change);

std::string plan_json(const Plan& plan, const Asked& asked, Secrets secrets);
Result<Reviewed> parse_plan_json(std::string_view bytes, const std::string& file);

// Why this plan is not the one that was looked at, or nothing.
Result<void> check_reviewed(const Plan& plan, const Reviewed& reviewed);

}  // namespace bulkhead::fix
