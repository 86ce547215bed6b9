// SPDX-License-Identifier: Apache-2.0
#include "image/tar_reader.h"

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "base/text.h"
#include "image/archive_stream.h"

namespace bulkhead::image {

namespace {

constexpr std::size_t zeros_bytes = 65536;
const std::array<char, zeros_bytes> zeros{};

FileType type_of(archive_entry* entry) {
    if (archive_entry_hardlink(entry) != nullptr || archive_entry_hardlink_utf8(entry) != nullptr) return FileType::hard_link;
    switch (archive_entry_filetype(entry)) {
        case AE_IFREG: return FileType::regular;
        case AE_IFDIR: return FileType::directory;
        case AE_IFLNK: return FileType::symlink;
        case AE_IFCHR:
        case AE_IFBLK: return FileType::device;
        default: return FileType::other;
    }
}

bool has_capabilities(archive_entry* entry) {
    const char* name = nullptr;
    const void* value = nullptr;
    std::size_t size = 0;
    archive_entry_xattr_reset(entry);
    while (archive_entry_xattr_next(entry, &name, &value, &size) == ARCHIVE_OK) {
        if (name != nullptr && std::strcmp(name, "security.capability") == 0) return true;
    }
    return false;
}

// Names are bytes to us; libarchive gives them in one of two ways, depending on how the header was written.
std::string text_of(const char* bytes, const char* utf8) { return bytes != nullptr ? bytes : utf8 != nullptr ? utf8 : ""; }

}  // namespace

struct TarReader::State {
    explicit State(world::ByteStream& stream) : input(stream) {}
    ArchiveInput input;
    bool opened = false;
    std::int64_t at = 0;  // bytes of the current entry given so far
    std::int64_t hole = 0;
    std::string_view pending;  // a block that stands behind a hole
};

TarReader::TarReader(world::ByteStream& stream) : state_(std::make_unique<State>(stream)) {}
TarReader::~TarReader() = default;

Result<std::optional<TarEntry>> TarReader::next() {
    State& state = *state_;
    archive* source = state.input.get();
    if (source == nullptr) return fail(Code::internal, "libarchive cannot start");
    if (!state.opened) {
        state.opened = true;
        archive_read_support_format_tar(source);
        archive_read_support_format_empty(source);
        // Names as they stand there, whatever the locale of this process.
        archive_read_set_format_option(source, "tar", "hdrcharset", "BINARY");
        if (auto opened = state.input.open(); !opened) return std::unexpected(opened.error());
    }
    state.at = state.hole = 0;
    state.pending = {};
    archive_entry* entry = nullptr;
    const int result = archive_read_next_header(source, &entry);
    if (result == ARCHIVE_EOF) {
        if (auto broken = state.input.error()) return std::unexpected(*broken);
        return std::nullopt;
    }
    if (result != ARCHIVE_OK && result != ARCHIVE_WARN) return std::unexpected(state.input.failure("not a sound tar"));
    TarEntry out;
    out.path = text_of(archive_entry_pathname(entry), archive_entry_pathname_utf8(entry));
    out.type = type_of(entry);
    out.mode = static_cast<std::uint32_t>(archive_entry_perm(entry)) & 07777U;
    out.uid = archive_entry_uid(entry);
    out.gid = archive_entry_gid(entry);
    out.size = std::max<std::int64_t>(0, archive_entry_size(entry));
    if (out.type == FileType::hard_link) out.link = text_of(archive_entry_hardlink(entry), archive_entry_hardlink_utf8(entry));
    if (out.type == FileType::symlink) out.link = text_of(archive_entry_symlink(entry), archive_entry_symlink_utf8(entry));
    out.capabilities = has_capabilities(entry);
    return out;
}

Result<std::string_view> TarReader::data() {
    State& state = *state_;
    if (state.hole == 0 && state.pending.empty()) {
        const void* bytes = nullptr;
        std::size_t size = 0;
        la_int64_t offset = 0;
        const int result = archive_read_data_block(state.input.get(), &bytes, &size, &offset);
        if (result == ARCHIVE_EOF) return std::string_view();
        if (result != ARCHIVE_OK && result != ARCHIVE_WARN) return std::unexpected(state.input.failure("not a sound tar"));
        if (offset < state.at) return fail(Code::corrupt, "a sparse file whose parts overlap");
        state.hole = offset - state.at;
        state.pending = {static_cast<const char*>(bytes), size};
        // An end that is all hole: its size is given with no bytes.
        if (size == 0 && state.hole == 0) return std::string_view();
    }
    std::string_view out;
    if (state.hole > 0) {
        out = {zeros.data(), static_cast<std::size_t>(std::min<std::int64_t>(state.hole, zeros_bytes))};
        state.hole -= static_cast<std::int64_t>(out.size());
    } else {
        out = std::exchange(state.pending, {});
    }
    state.at += static_cast<std::int64_t>(out.size());
    return out;
}

Result<std::optional<std::string>> TarFiles::next_file() {
    for (;;) {
        auto entry = reader_.next();
        if (!entry) return std::unexpected(entry.error());
        if (!*entry) return std::nullopt;
        if ((*entry)->type == FileType::regular) return std::move((*entry)->path);
    }
}

}  // namespace bulkhead::image
