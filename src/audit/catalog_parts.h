// SPDX-License-Identifier: Apache-2.0
// The pieces load_catalog() is made of, which the build's own packer needs too: it reads the project's YAML once, when the program is
// built, so that a start of the program does not. Any thread.
#pragma once

#include <string>
#include <string_view>

#include "audit/catalog.h"

namespace bulkhead::audit {

// The control, benchmark and query files of a folder. In messages and Control::file the folder is called `name` where that is given.
bulkhead::Result<void> add_folder(Catalog& catalog, const std::string& folder, const std::string& name = {});

// Puts everything in order and checks that names are unique and lead somewhere.
bulkhead::Result<void> finish(Catalog& catalog);

// Every field as its length in decimal, a colon and its bytes (a netstring without the comma); lists are led by their count. Only ever
// read by the program it was packed into, so there is no version.
std::string pack(const Catalog& catalog);
bulkhead::Result<Catalog> unpack(std::string_view bytes);  // corrupt

}  // namespace bulkhead::audit
