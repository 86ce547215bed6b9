// SPDX-License-Identifier: Apache-2.0
// Worlds written as YAML, for the cases beside the controls (CONTRIBUTING.md, "add a control"). A reading is text as it stands, or
// a mapping or list that becomes JSON; netlink dumps are lists that become the kernel's messages. What people attest is as in their own file.
#pragma once

#include <map>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "build/build_files.h"
#include "tables/attestation.h"
#include "world/testing/fake_reader.h"

namespace bulkhead::tests {

struct ExpectedResult {
    std::string resource_name;
    std::string status;
    std::string reason;  // a part of it; empty: any
    std::string layer;   // empty: any
};

struct Case {
    std::string control;  // that it is about
    std::string name;
    std::string file;
    int line = 0;
    build::BuildInput build;  // the case is about these files, and not about a host
    std::shared_ptr<world::FakeReader> reader;
    std::string trust_file;  // in tests/worlds/trust; empty: none
    std::vector<tables::Attestation> attestations;
    std::vector<ExpectedResult> expect;  // all results of the control, whatever their order
    std::vector<std::string> settings;   // NAME=VALUE
};

// How a failing case is named in the test's output.
inline void PrintTo(const Case& given, std::ostream* out) { *out << given.file << ":" << given.line; }

// All cases of one file, named as its control; or, with `controls:`, as a list of mappings {id, and the ${names} of the cases}, each case
// once for every control that it lists (`only: [id]` in a case: for those). Throws std::runtime_error with file and line: a broken case file fails the test
// program at once.
std::vector<Case> load_cases(const std::string& path);

}  // namespace bulkhead::tests
