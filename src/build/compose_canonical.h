// SPDX-License-Identifier: Apache-2.0
// One form for what Compose lets people write in several: short ports, mounts, networks, secrets and NAME=VALUE lists become the long
// form, each value with the place of what it came from. And the shapes that Compose insists on are insisted on. Pure.
#pragma once

#include <optional>
#include <string>

#include "build/yaml_tree.h"

namespace bulkhead::build {

// A Compose document in place. invalid_input: "FILE:LINE:COLUMN: ...".
Result<void> make_canonical(Tree& document, const std::string& file);

// true, yes, on, y and their opposites, however they are quoted; nothing: neither.
std::optional<bool> boolean_of(const Tree& tree);

// "10m", "1.5GB", "1024": bytes; nothing: no size.
std::optional<std::int64_t> bytes_of(const Tree& tree);

// Two canonical documents or services: maps by key, lists appended without repeating, what can exist once replaced; !reset and !override.
void merge_over(Tree& base, Tree over);

}  // namespace bulkhead::build
