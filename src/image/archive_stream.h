// SPDX-License-Identifier: Apache-2.0
// libarchive reading from a ByteStream: the handle, its callbacks, and errors that say whose they are. Private to this room.
#pragma once

#include <archive.h>

#include <memory>
#include <optional>

#include "base/result.h"
#include "world/stream.h"

namespace bulkhead::image {

class ArchiveInput {
  public:
    explicit ArchiveInput(world::ByteStream& stream);
    [[nodiscard]] archive* get() const { return handle_.get(); }

    Result<void> open();  // after formats and filters were chosen
    // The stream's own error, if it had one.
    [[nodiscard]] const std::optional<Error>& error() const { return error_; }
    // Why the last call failed: the stream's error, or corrupt in libarchive's words.
    [[nodiscard]] Error failure(std::string_view what) const;

  private:
    struct Closer {
        void operator()(archive* handle) const { archive_read_free(handle); }
    };
    static la_ssize_t read(archive* handle, void* self, const void** bytes);

    world::ByteStream& stream_;
    std::optional<Error> error_;
    std::unique_ptr<archive, Closer> handle_;
};

}  // namespace bulkhead::image
