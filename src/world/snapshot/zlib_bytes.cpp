// SPDX-License-Identifier: Apache-2.0
#include "world/snapshot/zlib_bytes.h"

#include <zlib.h>

namespace bulkhead::world {

Result<std::string> deflate_bytes(std::string_view bytes) {
    uLongf size = compressBound(bytes.size());
    std::string out(size, '\0');
    // Level 1: a snapshot is written while an audit waits.
    if (compress2(reinterpret_cast<Bytef*>(out.data()), &size, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size(), 1) != Z_OK) {
        return fail(Code::internal, "zlib cannot compress");
    }
    out.resize(size);
    return out;
}

Result<std::string> inflate_bytes(std::string_view bytes, std::size_t size) {
    if (size > snapshot_reading_bytes_max) return fail(Code::limit_exceeded, "a reading larger than any that bulkhead records");
    std::string out(size + 1, '\0');  // one more, to see a stream that does not end where it says
    uLongf got = out.size();
    if (uncompress(reinterpret_cast<Bytef*>(out.data()), &got, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()) != Z_OK || got != size) {
        return fail(Code::corrupt, "a damaged reading in the snapshot");
    }
    out.resize(size);
    return out;
}

}  // namespace bulkhead::world
