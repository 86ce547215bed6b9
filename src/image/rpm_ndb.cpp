// SPDX-License-Identifier: Apache-2.0
// Packages.db: rpm's own "ndb" (rpm's lib/backend/ndb/rpmpkg.c). Little-endian: pages of 16-byte slots, the first two of which are
// the file's header; a slot says where its blob lies, in blocks of 16 bytes.
#include "image/rpm.h"

namespace bulkhead::image {

namespace {

constexpr std::uint32_t word(const char (&text)[5]) {
    const auto byte = [&](int i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(text[i])); };
    return byte(0) | byte(1) << 8U | byte(2) << 16U | byte(3) << 24U;
}

constexpr std::uint32_t header_magic = word("RpmP"), slot_magic = word("Slot"), blob_magic = word("BlbS");
constexpr std::size_t slot_bytes = 16, header_bytes = 32, block_bytes = 16, page_bytes = 4096, blob_head_bytes = 16;

std::uint32_t little32(std::string_view bytes, std::size_t at) {
    const auto byte = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[at + i])); };
    return byte(0) | byte(1) << 8U | byte(2) << 16U | byte(3) << 24U;
}

}  // namespace

Result<void> rpm_blobs_of_ndb(std::string_view bytes, const RpmBlob& each) {
    if (bytes.size() < page_bytes || little32(bytes, 0) != header_magic) return fail(Code::corrupt, "not an ndb database");
    if (little32(bytes, 4) != 0) return fail(Code::unsupported, "an ndb database of a version that is not known");
    const std::size_t slots_end = static_cast<std::size_t>(little32(bytes, 12)) * page_bytes;
    if (slots_end == 0 || slots_end > bytes.size()) return fail(Code::corrupt, "an ndb database that is cut");
    for (std::size_t at = header_bytes; at < slots_end; at += slot_bytes) {
        if (little32(bytes, at) != slot_magic) return fail(Code::corrupt, "an ndb database with a broken slot");
        const std::uint32_t index = little32(bytes, at + 4);
        if (index == 0) continue;  // free
        const std::size_t blob = static_cast<std::size_t>(little32(bytes, at + 8)) * block_bytes;
        if (blob + blob_head_bytes > bytes.size() || little32(bytes, blob) != blob_magic || little32(bytes, blob + 4) != index) {
            return fail(Code::corrupt, "an ndb database with a slot that leads nowhere");
        }
        const std::size_t length = little32(bytes, blob + 12);
        if (length > bytes.size() - blob - blob_head_bytes) return fail(Code::corrupt, "an ndb database with a blob that is cut");
        if (auto done = each(bytes.substr(blob + blob_head_bytes, length)); !done) return done;
    }
    return {};
}

}  // namespace bulkhead::image
