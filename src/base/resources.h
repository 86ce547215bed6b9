// SPDX-License-Identifier: Apache-2.0
// Files that travel inside the program: controls, named queries, the lab's scripts. Defined by the generated library
// bulkhead_resources, which the final program links. Any thread.
#pragma once

#include <string_view>
#include <vector>

namespace bulkhead {

struct Resource {
    std::string_view path;  // as in the project: "controls/csvs/csvs_3_1.yaml"
    std::string_view bytes;
};

const std::vector<Resource>& resources();  // ordered by folder, then path

}  // namespace bulkhead
