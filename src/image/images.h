// SPDX-License-Identifier: Apache-2.0
// The content of images as C++ values: each image is read once a run, several in parallel, and its layers are put together once. What could
// not be read of an image is a problem of that image. References stay good as long as this. Owned by the query's thread.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "image/image.h"
#include "image/image_view.h"
#include "image/layer.h"
#include "world/world.h"

namespace bulkhead::image {

struct ContentProblem {
    std::string locator;
    std::string reason;
    std::string image_id;
};

struct LayerFacts {
    std::string digest;
    std::string locator;
    std::shared_ptr<const LayerContent> content;
};

struct ImageFacts {
    std::string id;
    std::string locator;
    bool vanished = false;  // gone since it was listed
    bool known = false;     // the configuration is; without problems, the layers are too
    ImageConfig config;
    std::vector<LayerFacts> layers;  // lowest first; all of them or none
    ImageView view;                  // of nothing where there are no layers
    std::vector<ContentProblem> problems;
};

class Images {
  public:
    explicit Images(world::World& world) : world_(world) {}
    Images(const Images&) = delete;
    Images& operator=(const Images&) = delete;

    // In the order asked.
    std::vector<const ImageFacts*> content(const std::vector<std::string>& ids);

  private:
    ImageFacts read(const std::string& id, const world::Reading& reading);
    void take_layers(ImageFacts& image, const std::vector<world::ReadingPtr>& readings);

    world::World& world_;
    std::map<std::string, std::unique_ptr<ImageFacts>> images_;
    std::map<std::string, std::shared_ptr<const LayerContent>> layers_;
};

}  // namespace bulkhead::image
