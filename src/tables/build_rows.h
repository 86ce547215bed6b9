// SPDX-License-Identifier: Apache-2.0
// What the tables of build files share: files that could not be read become the scan's failures, texts and lists become JSON.
#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "build/build_files.h"
#include "tables/docker_rows.h"
#include "tables/facts.h"
#include "tables/table.h"

namespace bulkhead::tables {

struct InstructionRow {
    const build::DockerfileSource* source = nullptr;
    const build::Instruction* instruction = nullptr;  // a trigger of ONBUILD has no row of its own
    const std::vector<build::Expanded>* expanded = nullptr;
    const build::Stage* stage = nullptr;  // null: before the first FROM
};

// The Dockerfiles that were named, and those that services build. The scan is told which of them could not be read or followed.
std::vector<const build::DockerfileSource*> dockerfile_sources(Scan& scan);

// Every instruction of them.
std::vector<InstructionRow> instruction_rows(Scan& scan);

// The project of the Compose files that were named; null: none, or not readable, which the scan is told.
const build::Project* compose_project(Scan& scan);

// A tree as JSON: numbers, booleans and null where YAML has them without quotes; texts redacted unless values are to be shown.
std::string json_of(const build::Tree& tree, bool show_values);

// Text for people: redacted unless values are to be shown.
std::string shown_text(const std::string& text, bool show_values);

Cell text_cell(const build::Tree* tree);     // null: not there
Cell boolean_cell(const build::Tree* tree);  // null: not there, or not known
Cell json_cell(const build::Tree* tree);     // null: not there

}  // namespace bulkhead::tables
