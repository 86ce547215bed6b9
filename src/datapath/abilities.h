// SPDX-License-Identifier: Apache-2.0
// What this kernel can do for seeing containers' traffic, what it cannot, and what that makes invisible. Deciding is pure; gathering asks the kernel
// of this machine, without an engine and without leaving a trace: what is tried is tried in a network namespace that ends with the trial.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace bulkhead::datapath {

enum class Able : std::uint8_t {
    yes,
    off,      // it could, and is switched off
    no,       // proved
    unknown,  // could not be found out; found says why
};
std::string_view name(Able able);

struct Ability {
    std::string_view name;
    Able able = Able::unknown;
    std::string found;         // what was seen
    std::string_view without;  // what cannot be seen or proved without it
    bool needed = false;       // nothing live is seen without it
};

struct AbilityEvidence {
    std::string release;                               // uname -r
    Result<std::string> config = std::string();        // the kernel's configuration as text
    std::map<std::string, Result<std::string>> files;  // by path; folders that exist are empty text
    Result<void> programs;                             // loading ours
    Result<void> attached;                             // attaching them to a veth
    Result<void> raw_tracepoints;
};

// The files and folders that are wanted in the evidence.
const std::vector<std::string>& ability_files();
AbilityEvidence gather_ability_evidence();
std::vector<Ability> judge_abilities(const AbilityEvidence& evidence);

}  // namespace bulkhead::datapath
