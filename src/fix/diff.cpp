// SPDX-License-Identifier: Apache-2.0
// The greedy algorithm of E. Myers, "An O(ND) Difference Algorithm and Its Variations" (1986); the form of the output is that of POSIX
// diff -u.
#include "fix/diff.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace bulkhead::fix {

namespace {

using Lines = std::vector<std::string_view>;  // with their line ends

Lines split_lines(std::string_view text) {
    Lines lines;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        const std::size_t size = end == std::string_view::npos ? text.size() : end + 1;
        lines.push_back(text.substr(0, size));
        text.remove_prefix(size);
    }
    return lines;
}

// What happens to a line: kept (' '), taken out ('-'), put in ('+').
struct Step {
    char sign;
    std::string_view line;
};
using Steps = std::vector<Step>;

// One round of the algorithm's search: how far each diagonal was reached.
using Reached = std::vector<long>;

Steps walk_back(const std::vector<Reached>& rounds, const Lines& a, const Lines& b) {
    Steps steps;
    long x = static_cast<long>(a.size());
    long y = static_cast<long>(b.size());
    for (long d = static_cast<long>(rounds.size()) - 1; d >= 0; --d) {
        const Reached& reached = rounds[static_cast<std::size_t>(d)];  // before round d, diagonals -d-1 .. d+1
        const auto at = [&](long k) { return reached[static_cast<std::size_t>(k + d + 1)]; };
        const long k = x - y;
        const bool down = k == -d || (k != d && at(k - 1) < at(k + 1));
        const long from_k = down ? k + 1 : k - 1;
        const long from_x = at(from_k);
        const long from_y = from_x - from_k;
        while (x > from_x && y > from_y && x > 0 && y > 0) {
            steps.push_back({' ', a[static_cast<std::size_t>(x - 1)]});
            --x;
            --y;
        }
        if (d == 0) break;
        if (down) {
            steps.push_back({'+', b[static_cast<std::size_t>(from_y)]});
        } else {
            steps.push_back({'-', a[static_cast<std::size_t>(from_x)]});
        }
        x = from_x;
        y = from_y;
    }
    std::ranges::reverse(steps);
    return steps;
}

Steps whole(const Lines& a, const Lines& b) {
    Steps steps;
    for (const std::string_view line : a) steps.push_back({'-', line});
    for (const std::string_view line : b) steps.push_back({'+', line});
    return steps;
}

Steps shortest(const Lines& a, const Lines& b) {
    const long n = static_cast<long>(a.size());
    const long m = static_cast<long>(b.size());
    const long most = std::min<long>(n + m, static_cast<long>(diff_distance_max));
    std::vector<long> furthest(static_cast<std::size_t>((2 * most) + 3), 0);
    const auto at = [&](long k) -> long& { return furthest[static_cast<std::size_t>(k + most + 1)]; };
    std::vector<Reached> rounds;
    for (long d = 0; d <= most; ++d) {
        Reached before;
        for (long k = -d - 1; k <= d + 1; ++k) before.push_back(at(k));
        rounds.push_back(std::move(before));
        for (long k = -d; k <= d; k += 2) {
            long x = k == -d || (k != d && at(k - 1) < at(k + 1)) ? at(k + 1) : at(k - 1) + 1;
            while (x < n && x - k < m && a[static_cast<std::size_t>(x)] == b[static_cast<std::size_t>(x - k)]) ++x;
            at(k) = x;
            if (x >= n && x - k >= m) return walk_back(rounds, a, b);
        }
    }
    return whole(a, b);
}

Steps steps_between(const Lines& a, const Lines& b) {
    std::size_t same_start = 0;
    while (same_start < std::min(a.size(), b.size()) && a[same_start] == b[same_start]) ++same_start;
    std::size_t same_end = 0;
    while (same_end < std::min(a.size(), b.size()) - same_start && a[a.size() - 1 - same_end] == b[b.size() - 1 - same_end]) ++same_end;
    Steps steps;
    for (std::size_t i = 0; i < same_start; ++i) steps.push_back({' ', a[i]});
    const auto middle = [&](const Lines& lines) { return Lines(lines.begin() + static_cast<long>(same_start), lines.end() - static_cast<long>(same_end)); };
    const Steps between = shortest(middle(a), middle(b));
    steps.insert(steps.end(), between.begin(), between.end());
    for (std::size_t i = a.size() - same_end; i < a.size(); ++i) steps.push_back({' ', a[i]});
    return steps;
}

// "3,4": where a hunk begins and how many lines it has; an empty one stands behind the line before it.
std::string range(std::size_t first, std::size_t count) {
    const std::size_t shown = count == 0 ? first : first + 1;
    return count == 1 ? fmt::format("{}", shown) : fmt::format("{},{}", shown, count);
}

}  // namespace

std::string unified_diff(std::string_view before, std::string_view after, const std::string& name_before, const std::string& name_after) {
    if (before == after) return {};
    const Steps steps = steps_between(split_lines(before), split_lines(after));
    std::string out = fmt::format("--- {}\n+++ {}\n", name_before, name_after);
    std::size_t line_before = 0;
    std::size_t line_after = 0;
    for (std::size_t i = 0; i < steps.size();) {
        std::size_t change = i;
        while (change < steps.size() && steps[change].sign == ' ') ++change;
        if (change == steps.size()) break;
        const std::size_t first = std::max(i, change - std::min(change, diff_context_lines));
        line_before += first - i;
        line_after += first - i;
        // A hunk ends where twice the context is the same.
        std::size_t last = change;
        for (std::size_t j = change; j < steps.size() && j - last <= 2 * diff_context_lines; ++j) {
            if (steps[j].sign != ' ') last = j;
        }
        const std::size_t end = std::min(steps.size(), last + 1 + diff_context_lines);
        const auto count = [&](char without) {
            return static_cast<std::size_t>(std::count_if(steps.begin() + static_cast<long>(first), steps.begin() + static_cast<long>(end),
                                                          [&](const Step& s) { return s.sign != without; }));
        };
        const std::size_t count_before = count('+');
        const std::size_t count_after = count('-');
        out += fmt::format("@@ -{} +{} @@\n", range(line_before, count_before), range(line_after, count_after));
        for (std::size_t j = first; j < end; ++j) {
            out += steps[j].sign;
            out += steps[j].line;
            if (!steps[j].line.ends_with('\n')) out += "\n\\ No newline at end of file\n";
        }
        line_before += count_before;
        line_after += count_after;
        i = end;
    }
    return out;
}

}  // namespace bulkhead::fix
