// SPDX-License-Identifier: Apache-2.0
// A plan for people: each file with its diff, what the user does then, and what stays for a person. Pure; any thread.
#pragma once

#include <string>

#include "fix/plan.h"
#include "report/format.h"

namespace bulkhead::fix {

enum class Secrets : std::uint8_t { masked, shown };

// `not_applicable`: why none of it can be applied (a snapshot); empty: it can.
std::string plan_text(const Plan& plan, const report::RenderOptions& options, const std::string& not_applicable, Secrets secrets);

// The diff of a change of content. Values beside a key that looks secret are masked.
std::string diff_of(const Change& change, Secrets secrets);

}  // namespace bulkhead::fix
