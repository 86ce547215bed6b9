// SPDX-License-Identifier: Apache-2.0
// Bytes that are too many to hold: they come in order, once. Readings (reading.h) are whole and remembered; the content of images is
// neither, so it passes through here, and only what was found in it becomes a reading. A stream is owned by one thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace bulkhead::world {

class ByteStream {
  public:
    ByteStream() = default;
    ByteStream(const ByteStream&) = delete;
    ByteStream& operator=(const ByteStream&) = delete;
    virtual ~ByteStream() = default;

    // The next bytes, good until the next call; empty at the end. An error ends the stream.
    virtual Result<std::string_view> next() = 0;
};

// Named files one after the other: the entries of an archive, the files of a folder.
class FileSequence {
  public:
    FileSequence() = default;
    FileSequence(const FileSequence&) = delete;
    FileSequence& operator=(const FileSequence&) = delete;
    virtual ~FileSequence() = default;

    // The next regular file's name; nothing at the end. What is left of the file before is skipped.
    virtual Result<std::optional<std::string>> next_file() = 0;
    // The current file's bytes. REQUIRES: next_file() gave a name.
    virtual ByteStream& bytes() = 0;
};

// Where the export of an image comes from: an engine, or a test. Any thread.
class ImageExports {
  public:
    ImageExports() = default;
    ImageExports(const ImageExports&) = delete;
    ImageExports& operator=(const ImageExports&) = delete;
    virtual ~ImageExports() = default;

    // A tar with this image, as `docker save` writes it.
    virtual Result<std::unique_ptr<ByteStream>> open_image(const std::string& id) = 0;
};

}  // namespace bulkhead::world
