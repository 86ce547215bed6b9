// SPDX-License-Identifier: Apache-2.0
#include "report/style.h"

#include <algorithm>

#include "report/layout.h"

namespace bulkhead::report {

namespace {

std::string_view code(Tone tone) {
    switch (tone) {
        case Tone::alarm: return "1;31";
        case Tone::error: return "1;35";
        case Tone::unknown: return "33";
        case Tone::info: return "36";
        case Tone::skip: return "2";
        case Tone::ok: return "32";
        case Tone::strong: return "1";
        case Tone::faint: return "2";
    }
    return "0";
}

}  // namespace

Tone tone(audit::Status status) {
    switch (status) {
        case audit::Status::ok: return Tone::ok;
        case audit::Status::info: return Tone::info;
        case audit::Status::skip: return Tone::skip;
        case audit::Status::unknown: return Tone::unknown;
        case audit::Status::alarm: return Tone::alarm;
        case audit::Status::error: return Tone::error;
    }
    return Tone::error;
}

std::string Style::paint(Tone tone, std::string_view text) const {
    if (color_ == Color::off || text.empty()) return std::string(text);
    return std::string("\x1b[").append(code(tone)).append("m").append(text).append("\x1b[0m");
}

std::string Style::label(audit::Status status) const {
    std::string upper(audit::name(status));
    std::ranges::transform(upper, upper.begin(), [](char c) { return static_cast<char>(c - 'a' + 'A'); });
    const std::size_t length = upper.size();
    return paint(tone(status), upper) + std::string(label_columns - length, ' ');
}

std::string Style::bar(const Counts& counts) const {
    constexpr std::size_t cells = bar_columns - 2;
    const std::size_t total = counts.total();
    if (total == 0) return "[" + std::string(cells, ' ') + "]";
    const std::size_t unclear = counts.of(audit::Status::unknown);
    const auto share = [&](std::size_t part) { return part == 0 ? 0 : std::max<std::size_t>(1, (part * cells + total / 2) / total); };
    std::size_t bad_cells = share(counts.bad());
    std::size_t unclear_cells = share(unclear);
    const std::size_t fine_cells_min = total > counts.bad() + unclear ? 1 : 0;
    while (bad_cells + unclear_cells + fine_cells_min > cells) --(bad_cells >= unclear_cells ? bad_cells : unclear_cells);
    if (fine_cells_min == 0) (bad_cells >= unclear_cells ? bad_cells : unclear_cells) += cells - bad_cells - unclear_cells;
    const std::size_t fine_cells = cells - bad_cells - unclear_cells;
    return "[" + block(Tone::alarm, bad_cells) + paint(Tone::unknown, std::string(unclear_cells, '?')) +
           paint(Tone::ok, repeat(unicode_ ? "·" : ".", fine_cells)) + "]";
}

std::string Style::block(Tone tone, std::size_t columns) const { return paint(tone, repeat(unicode_ ? "█" : "#", columns)); }

}  // namespace bulkhead::report
