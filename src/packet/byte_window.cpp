// SPDX-License-Identifier: Apache-2.0
#include "packet/byte_window.h"

#include <algorithm>

namespace bulkhead::packet {

Result<bool> ByteWindow::refill() {
    auto chunk = bytes_->next();
    if (!chunk) return std::unexpected(chunk.error());
    chunk_ = *chunk;
    return !chunk_.empty();
}

Result<std::span<const std::uint8_t>> ByteWindow::assemble(std::size_t size) {
    pieced_.assign(chunk_);
    chunk_ = {};
    while (pieced_.size() < size) {
        const auto more = refill();
        if (!more) return std::unexpected(more.error());
        if (!*more) break;
        const std::size_t wanted = std::min(size - pieced_.size(), chunk_.size());
        pieced_.append(chunk_.substr(0, wanted));
        chunk_.remove_prefix(wanted);
    }
    offset_ += pieced_.size();
    return std::span(reinterpret_cast<const std::uint8_t*>(pieced_.data()), pieced_.size());
}

Result<void> ByteWindow::skip(std::uint64_t size) {
    while (size > 0) {
        if (chunk_.empty()) {
            const auto more = refill();
            if (!more) return std::unexpected(more.error());
            if (!*more) return {};
        }
        const auto step = static_cast<std::size_t>(std::min<std::uint64_t>(size, chunk_.size()));
        chunk_.remove_prefix(step);
        offset_ += step;
        size -= step;
    }
    return {};
}

}  // namespace bulkhead::packet
