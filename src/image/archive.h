// SPDX-License-Identifier: Apache-2.0
// An archive of images, read once from its first byte to its last: `docker save` (manifest.json), OCI archives and OCI layout folders
// (index.json), or both at once as newer engines write them. Everything is found by its content's own digest, so that names and
// orders in the archive may lie without effect: a layer is what hashes to the diff id of the configuration.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "image/image.h"
#include "image/limits.h"
#include "world/stream.h"

namespace bulkhead::image {

struct ArchivedImage {
    ImageConfig config;
    std::vector<std::string> digests;  // that name it: its configuration's, its manifest's, those of the indexes above
};

struct ArchiveContent {
    std::vector<ArchivedImage> images;
    std::map<std::string, std::string> layers;  // digest -> LayerContent as JSON (layer_json.h)
    std::vector<std::string> problems;          // layers and documents that could not be read, with the reason

    // The image of this digest. Null: none.
    [[nodiscard]] const ArchivedImage* find(const std::string& digest) const;
    // Why a layer that an image names is not here.
    [[nodiscard]] std::string why_missing(const std::string& layer) const;
};

// The source's own error; corrupt: no archive of images; limit_exceeded. One layer that cannot be read is a problem, not an error.
Result<ArchiveContent> scan_archive(world::FileSequence& files, const Limits& limits);
// The same for a tar that may be packed by gzip or zstd.
Result<ArchiveContent> scan_archive(world::ByteStream& archive, const Limits& limits);

}  // namespace bulkhead::image
