// SPDX-License-Identifier: Apache-2.0
#include "audit/nearest.h"

#include <fmt/format.h>

#include <algorithm>

namespace bulkhead::audit {

namespace {

constexpr std::size_t distance_max = 3;
constexpr std::size_t word_bytes_max = 100;  // longer words are not typing errors, and the table is quadratic

std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0]++;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t above = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0U : 1U)});
            diagonal = above;
        }
    }
    return row[b.size()];
}

}  // namespace

std::string nearest_of(std::string_view word, const std::vector<std::string>& known, std::string_view list_command) {
    std::vector<std::pair<std::size_t, std::string_view>> near;
    for (const std::string& name : known) {
        if (word.size() > word_bytes_max || name.size() > word_bytes_max) continue;
        if (const std::size_t distance = edit_distance(word, name); distance <= distance_max) near.emplace_back(distance, name);
    }
    if (near.empty()) return fmt::format("`{}` shows what there is", list_command);
    return fmt::format("did you mean {}?", std::ranges::min(near).second);
}

}  // namespace bulkhead::audit
