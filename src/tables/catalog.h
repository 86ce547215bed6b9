// SPDX-License-Identifier: Apache-2.0
// All tables, ordered by name. The list is generated from the files of src/tables (cmake/rooms.cmake). Any thread.
#pragma once

#include <vector>

#include "tables/table.h"

namespace bulkhead::tables {

std::vector<Table> catalog();

}  // namespace bulkhead::tables
