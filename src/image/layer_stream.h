// SPDX-License-Identifier: Apache-2.0
// The plain tar of a layer out of its packed form (plain, gzip or zstd): counted, bounded, and hashed on the way, because the hash
// of the plain tar is the layer's name everywhere else (diff id, OCI image-spec config.md). Owned by one thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "image/limits.h"
#include "world/stream.h"

namespace bulkhead::image {

enum class Packing : std::uint8_t { plain, gzip, zstd };

// Puts bytes that were already taken from a stream back in front of it.
class Resumed : public world::ByteStream {
  public:
    Resumed(std::string first, world::ByteStream& rest) : first_(std::move(first)), rest_(rest) {}
    Result<std::string_view> next() override;
    [[nodiscard]] std::int64_t taken() const { return taken_; }

  private:
    std::string first_;
    bool given_ = false;
    world::ByteStream& rest_;
    std::int64_t taken_ = 0;
};

Packing packing_of(std::string_view first_bytes);

class LayerStream : public world::ByteStream {
  public:
    // inflated_so_far: of the layers before in the same archive; counted on.
    enum class Hash : std::uint8_t { computed, left_out };  // left out: finish() gives no digest
    LayerStream(Resumed& packed, Packing packing, const Limits& limits, std::int64_t& inflated_so_far, Hash hash = Hash::computed);
    ~LayerStream() override;

    Result<std::string_view> next() override;
    // Reads what a tar has behind its end, and gives the digest of the whole: "sha256:...".
    Result<std::string> finish();
    [[nodiscard]] std::int64_t bytes() const { return bytes_; }

  private:
    struct State;
    Result<std::string_view> unpacked();
    Resumed& packed_;
    const Limits& limits_;
    std::int64_t& inflated_so_far_;
    std::int64_t bytes_ = 0;
    std::unique_ptr<State> state_;
};

std::string sha256_text(std::string_view bytes);  // "sha256:" and 64 digits
bool is_digest(std::string_view text);            // of that form

}  // namespace bulkhead::image
