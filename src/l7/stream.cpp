// SPDX-License-Identifier: Apache-2.0
#include "l7/stream.h"

#include <algorithm>

namespace bulkhead::l7 {

namespace {

// Sequence numbers wrap (RFC 9293, section 3.4): later is what is less than half of all numbers ahead.
std::int32_t ahead(std::uint32_t sequence, std::uint32_t of) { return static_cast<std::int32_t>(sequence - of); }

}  // namespace

void Stream::add(const Segment& segment) {
    now_ = segment;
    now_.wire_bytes = std::max(segment.wire_bytes, static_cast<std::uint32_t>(segment.bytes.size()));
    has_now_ = true;
    if (!segment.has_sequence) return;
    if (!known_) next_ = segment.sequence;
    known_ = true;
    if (ahead(segment.sequence, next_) > 0) {
        keep_early(now_);
        has_now_ = false;
    }
}

void Stream::keep_early(const Segment& segment) {
    const auto behind = std::ranges::find_if(early_, [&](const Early& one) { return ahead(one.sequence, segment.sequence) >= 0; });
    if (behind != early_.end() && behind->sequence == segment.sequence && behind->wire_bytes >= segment.wire_bytes) return;
    early_.insert(behind, {segment.sequence, segment.wire_bytes, std::string(text_of(segment.bytes))});
}

// Of a segment that begins at or before what is next: what of it is new.
bool Stream::pass(std::uint32_t sequence, Span bytes, std::uint32_t wire_bytes, Run& run) {
    const std::uint32_t old = next_ - sequence;
    if (old >= wire_bytes) return false;
    run.bytes = bytes.subspan(std::min<std::size_t>(old, bytes.size()));
    run.cut = wire_bytes - old - static_cast<std::uint32_t>(run.bytes.size());
    next_ = sequence + wire_bytes;
    gaps_ += run.cut > 0 ? 1 : 0;
    return true;
}

bool Stream::next(Run& run) {
    if (has_now_) {
        has_now_ = false;
        if (!now_.has_sequence) {
            run = {now_.bytes, now_.wire_bytes - static_cast<std::uint32_t>(now_.bytes.size())};
            gaps_ += run.cut > 0 ? 1 : 0;
            return true;
        }
        if (pass(now_.sequence, now_.bytes, now_.wire_bytes, run)) return true;
    }
    while (!early_.empty()) {
        const std::int32_t gap = ahead(early_.front().sequence, next_);
        if (gap <= 0) {
            const Early first = std::move(early_.front());
            early_.erase(early_.begin());
            passing_ = first.bytes;
            if (pass(first.sequence, span_of(passing_), first.wire_bytes, run)) return true;
            continue;
        }
        std::size_t bytes = 0;
        for (const Early& one : early_) bytes += one.bytes.size();
        if (!over_ && early_.size() <= early_segments_max && bytes <= early_bytes_max) return false;
        ++gaps_;
        next_ = early_.front().sequence;
        run = {{}, static_cast<std::uint32_t>(gap)};
        return true;
    }
    return false;
}

}  // namespace bulkhead::l7
