// SPDX-License-Identifier: Apache-2.0
#include "host/id_map.h"

#include "base/text.h"

namespace bulkhead::host {

namespace {
constexpr std::int64_t ids = 0x1'0000'0000;  // 32 bits
constexpr std::size_t ranges_max = 1024;     // the kernel allows 340
}  // namespace

Result<IdMap> IdMap::parse(std::string_view bytes) {
    IdMap map;
    for (const std::string_view line : text::lines(bytes)) {
        const auto parts = text::words(line);
        if (parts.empty()) continue;
        if (parts.size() != 3 || map.ranges_.size() == ranges_max) return fail(Code::corrupt, "not an id map");
        const auto inside = text::to_integer(parts[0]);
        const auto outside = text::to_integer(parts[1]);
        const auto count = text::to_integer(parts[2]);
        if (!inside || !outside || !count || *inside < 0 || *outside < 0 || *count < 0) return fail(Code::corrupt, "not an id map");
        if (*inside >= ids || *outside >= ids || *count > ids) return fail(Code::corrupt, "an id map beyond 32 bits");
        map.ranges_.push_back({*inside, *outside, *count});
    }
    return map;
}

std::optional<std::int64_t> IdMap::inside(std::int64_t outside) const {
    for (const Range& range : ranges_) {
        if (outside >= range.outside && outside - range.outside < range.count) return range.inside + (outside - range.outside);
    }
    return std::nullopt;
}

bool IdMap::is_identity() const { return ranges_.size() == 1 && ranges_[0].inside == 0 && ranges_[0].outside == 0 && ranges_[0].count >= ids - 1; }

}  // namespace bulkhead::host
