// SPDX-License-Identifier: Apache-2.0
// A world that is one archive of images and nothing else: images, their history and content; no containers; and of everything that
// needs an engine or a host it says so (failed, so that what rests on it is unknown). Any thread.
#pragma once

#include <map>
#include <string>

#include "image/archive.h"
#include "world/reader.h"

namespace bulkhead::image {

inline constexpr std::string_view archive_has_no_engine = "an archive of images has no engine and no host";

class ArchiveReader : public world::Reader {
  public:
    // path: an archive, or a folder (OCI layout, or an archive that somebody unpacked). It is read here, once. Errors: those of reading it and of
    // scan_archive.
    static Result<std::unique_ptr<ArchiveReader>> open(const std::string& path, const Limits& limits);

    world::Reading read(const world::Request& request) override;
    [[nodiscard]] UnixMs as_of() const override { return read_at_; }

  private:
    explicit ArchiveReader(const ArchiveContent& content);
    UnixMs read_at_;
    std::map<std::string, world::Reading> readings_;
};

}  // namespace bulkhead::image
