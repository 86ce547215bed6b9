// SPDX-License-Identifier: Apache-2.0
// A Reader that can look into images: answers readings of kind image and image_layer by the export of the image, read once and never
// kept, and passes all others on. What was found is remembered by digest, in a cache folder too where there is one. Any thread.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "image/archive.h"
#include "world/live/cache_folder.h"
#include "world/reader.h"
#include "world/stream.h"

namespace bulkhead::image {

struct ContentOptions {
    bool left_out = false;                               // answer that content was left out
    std::shared_ptr<world::CacheFolder> cache;           // null: none
    std::function<void(const std::string&)> on_reading;  // told the id of each image that is about to be read; any thread
    Limits limits;
};

class ContentReader : public world::Reader {
  public:
    // REQUIRES: both outlive this.
    ContentReader(world::Reader& inner, world::ImageExports& exports, ContentOptions options);

    world::Reading read(const world::Request& request) override;
    [[nodiscard]] UnixMs as_of() const override { return inner_.as_of(); }

  private:
    Result<std::string> image(const std::string& id);
    Result<std::string> layer(const std::string& digest);
    std::optional<std::string> cached_image(const std::string& id);
    std::optional<std::string> cached_layer(const std::string& digest);
    std::string keep(const std::string& id, const ArchivedImage& image, const ArchiveContent& content);

    world::Reader& inner_;
    world::ImageExports& exports_;
    const ContentOptions options_;
    std::mutex mutex_;                                   // guards layers_
    std::map<std::string, Result<std::string>> layers_;  // found in this run and not asked for yet, by digest
};

}  // namespace bulkhead::image
