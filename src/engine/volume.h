// SPDX-License-Identifier: Apache-2.0
// Volumes as the engine tells them: GET /volumes. Values; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/fields.h"

namespace bulkhead::engine {

struct Volume {
    std::string name;
    std::string driver;
    std::string created;
    std::string mountpoint;
    std::string scope;
    TextMap labels;
    TextMap options;
    std::string status;      // JSON
    std::string usage_data;  // JSON
};

Result<std::vector<Volume>> parse_volume_list(std::string_view bytes);

}  // namespace bulkhead::engine
