// SPDX-License-Identifier: Apache-2.0
// A plain tar, entry by entry, from a stream: libarchive behind a small face. Nothing is ever written anywhere, and nothing but tar
// is recognised. Owned by one thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "world/stream.h"

namespace bulkhead::image {

enum class FileType : char {
    regular = 'f',
    directory = 'd',
    symlink = 'l',
    hard_link = 'h',
    device = 'c',  // character or block
    other = 'p',   // pipes, sockets
    whiteout = 'w',
    opaque = 'o',  // a directory whose lower content is hidden
};

struct TarEntry {
    std::string path;  // as it stands there: hostile
    FileType type = FileType::regular;
    std::uint32_t mode = 0;  // permission bits with set-id and sticky
    std::int64_t uid = 0, gid = 0;
    std::int64_t size = 0;
    std::string link;           // where a symbolic or hard link leads
    bool capabilities = false;  // has file capabilities (security.capability)
};

class TarReader {
  public:
    // REQUIRES: the stream outlives the reader. Every byte is taken from it in order.
    explicit TarReader(world::ByteStream& stream);
    ~TarReader();
    TarReader(const TarReader&) = delete;
    TarReader& operator=(const TarReader&) = delete;

    // Nothing at the end. The stream's own error, else corrupt.
    Result<std::optional<TarEntry>> next();
    // The current entry's next bytes, good until the next call; empty at its end. Holes of sparse files are zeros.
    Result<std::string_view> data();

  private:
    struct State;
    std::unique_ptr<State> state_;
};

// The regular files of a tar.
class TarFiles : public world::FileSequence {
  public:
    explicit TarFiles(world::ByteStream& stream) : reader_(stream), bytes_(reader_) {}
    Result<std::optional<std::string>> next_file() override;
    world::ByteStream& bytes() override { return bytes_; }

  private:
    class Bytes : public world::ByteStream {
      public:
        explicit Bytes(TarReader& reader) : reader_(reader) {}
        Result<std::string_view> next() override { return reader_.data(); }

      private:
        TarReader& reader_;
    };
    TarReader reader_;
    Bytes bytes_;
};

}  // namespace bulkhead::image
