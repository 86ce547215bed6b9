// SPDX-License-Identifier: Apache-2.0
// A LayerContent as JSON: what a reading of kind image_layer holds, in a snapshot and in the cache too. Fields at their default are left
// out. `files` is one text with a line a file, because a layer has many:
//   TYPE MODE UID GID SIZE FLAGS PATH [TAB LINK]      f 4755 0 0 53416 - usr/bin/su
// FLAGS is c for file capabilities, else -. Any thread.
#pragma once

#include <string>
#include <string_view>

#include "image/layer.h"

namespace bulkhead::image {

std::string write_layer(const LayerContent& layer);
// corrupt: not such JSON.
Result<LayerContent> parse_layer(std::string_view json);

}  // namespace bulkhead::image
