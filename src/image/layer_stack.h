// SPDX-License-Identifier: Apache-2.0
// Which layer has the last word about a path. Private to this room; owned by one thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "image/layer.h"

namespace bulkhead::image {

class LayerStack {
  public:
    // REQUIRES: the layers outlive the stack. Only these paths, and those above them, can be asked about.
    LayerStack(const std::vector<const LayerContent*>& layers, const std::vector<std::string>& paths);

    // The first layer above `layer` that deletes or replaces what `layer` has at this path.
    [[nodiscard]] std::optional<std::size_t> hidden_by(std::string_view path, std::size_t layer) const;
    struct Found {
        std::size_t layer = 0;
        const LayerFile* file = nullptr;
    };
    // What lies at this path in the end, links not followed.
    [[nodiscard]] std::optional<Found> at(std::string_view path) const;
    // Where the path leads when symbolic links are followed inside the image, as far as its parts can be asked about.
    [[nodiscard]] std::string resolved(std::string_view path) const;

  private:
    struct Here {
        const LayerFile* file = nullptr;
        bool whiteout = false;
        bool opaque = false;
    };
    [[nodiscard]] const Here* here(std::size_t layer, std::string_view path) const;

    std::unordered_set<std::string> wanted_;
    std::vector<std::unordered_map<std::string_view, Here>> layers_;
};

}  // namespace bulkhead::image
