// SPDX-License-Identifier: Apache-2.0
#include "packet/capture_file.h"

#include <fmt/format.h>

#include "packet/readers.h"

namespace bulkhead::packet {

Result<std::unique_ptr<CaptureFile>> CaptureFile::open(std::unique_ptr<world::ByteStream> bytes) {
    ByteWindow window(std::move(bytes));
    const auto first = window.take(4);
    if (!first) return std::unexpected(first.error());
    if (first->size() < 4) return fail(Code::corrupt, "this is no capture file: it has fewer than four bytes");
    const std::uint32_t magic = ByteOrder().u32(*first, 0);
    return magic == pcapng_magic ? open_pcapng(std::move(window)) : open_pcap(std::move(window), magic);
}

Result<std::size_t> CaptureFile::next(std::span<Frame> frames) {
    std::size_t count = 0;
    while (count < frames.size() && (count == 0 || holds_next())) {
        if (!ended_) return std::unexpected(ended_.error());
        const auto more = next(frames[count]);
        if (more && *more) {
            ++count;
            continue;
        }
        if (count == 0 && !more) return std::unexpected(more.error());
        if (!more) ended_ = more;  // told with the next call: the frames before it were good
        break;
    }
    return count;
}

}  // namespace bulkhead::packet
