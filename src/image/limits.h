// SPDX-License-Identifier: Apache-2.0
// Bounds of what is read from images. Images come from anybody: an archive that lies, loops or inflates without end stops at one of
// these, with its name and number in the error; what was not read is unknown, never empty.
#pragma once

#include <cstddef>
#include <cstdint>

namespace bulkhead::image {

struct Limits {
    std::int64_t archive_entries_max = 100'000;      // files in an archive of images
    std::int64_t archive_bytes_max = 64LL << 30U;    // of an archive of images, as it comes
    std::int64_t layer_entries_max = 1'000'000;      // files in one layer
    std::int64_t layer_bytes_max = 16LL << 30U;      // of one layer, inflated
    std::int64_t inflated_bytes_max = 64LL << 30U;   // of all layers of an archive
    std::int64_t ratio_max = 200;                    // inflated to packed, looked at from ratio_bytes_min on
    std::int64_t ratio_bytes_min = 256LL << 20U;     //   (an empty file of this size is not yet a bomb)
    std::size_t layers_max = 1000;                   // in one image; Docker itself stops at 127
    std::size_t images_max = 1000;                   // in one archive
    std::size_t index_depth_max = 4;                 // an index in an index in ...
    std::size_t document_bytes_max = 8UL << 20U;     // one manifest, index or configuration
    std::size_t documents_bytes_max = 64UL << 20U;   // all of them
    std::size_t path_bytes_max = 4096;               // PATH_MAX
    std::size_t paths_bytes_max = 64UL << 20U;       // all paths of a layer
    std::size_t kept_file_bytes_max = 64UL << 20U;   // a package database
    std::size_t kept_bytes_max = 256UL << 20U;       // all of a layer
    std::size_t packages_max = 100'000;              // in one database
    std::size_t accounts_max = 20'000;               // in one passwd, group or shadow
    std::size_t secret_file_bytes_max = 1UL << 20U;  // larger files are not searched for keys and tokens
    std::size_t secrets_max = 1'000;                 // candidates in one layer
    std::size_t problems_max = 100;                  // told of one layer
};

}  // namespace bulkhead::image
