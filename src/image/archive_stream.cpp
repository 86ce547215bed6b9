// SPDX-License-Identifier: Apache-2.0
#include "image/archive_stream.h"

#include <cerrno>

#include "base/text.h"

namespace bulkhead::image {

ArchiveInput::ArchiveInput(world::ByteStream& stream) : stream_(stream), handle_(archive_read_new()) {}

la_ssize_t ArchiveInput::read(archive* handle, void* self, const void** bytes) {
    auto& input = *static_cast<ArchiveInput*>(self);
    auto next = input.stream_.next();
    if (!next) {
        input.error_ = next.error();
        archive_set_error(handle, EIO, "%s", "the source failed");
        return ARCHIVE_FATAL;
    }
    *bytes = next->data();
    return static_cast<la_ssize_t>(next->size());
}

Result<void> ArchiveInput::open() {
    if (archive_read_open(handle_.get(), this, nullptr, &ArchiveInput::read, nullptr) == ARCHIVE_OK) return {};
    return std::unexpected(failure("cannot be read"));
}

Error ArchiveInput::failure(std::string_view what) const {
    if (error_) return *error_;
    const char* words = archive_error_string(handle_.get());
    return {Code::corrupt, std::string(what) + (words == nullptr ? "" : ": " + text::printable(words))};
}

}  // namespace bulkhead::image
