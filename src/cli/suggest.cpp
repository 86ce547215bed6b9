// SPDX-License-Identifier: Apache-2.0
#include "cli/suggest.h"

#include <algorithm>

#include "base/text.h"

namespace bulkhead::cli {

namespace {

constexpr std::size_t word_bytes_max = 100;  // longer words are not typing errors, and the table is quadratic
constexpr std::size_t suggestions_max = 3;

}  // namespace

// Optimal string alignment: three rows of the usual table are enough.
std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before_last(b.size() + 1);
    std::vector<std::size_t> last(b.size() + 1);
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) row[j] = std::min(row[j], before_last[j - 2] + 1);
        }
        std::swap(before_last, last);
        std::swap(last, row);
    }
    return last[b.size()];
}

std::vector<std::string> nearest(std::string_view word, const std::vector<std::string>& known) {
    if (word.empty() || word.size() > word_bytes_max) return {};
    const std::string wanted = text::lower(word);
    const std::size_t distance_max = std::max<std::size_t>(1, wanted.size() / 3);
    std::vector<std::pair<std::size_t, std::string>> near;
    for (const std::string& candidate : known) {
        if (candidate.size() > word_bytes_max) continue;
        const std::string lower = text::lower(candidate);
        std::size_t distance = edit_distance(wanted, lower);
        if (wanted.size() >= 3 && lower.starts_with(wanted)) distance = std::min<std::size_t>(distance, 1);
        if (candidate != word && distance <= distance_max) near.emplace_back(distance, candidate);
    }
    std::ranges::sort(near);
    std::vector<std::string> words;
    for (const auto& [distance, candidate] : near) {
        if (words.size() < suggestions_max && std::ranges::find(words, candidate) == words.end()) words.push_back(candidate);
    }
    return words;
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& known) {
    const std::vector<std::string> words = nearest(word, known);
    if (words.empty()) return {};
    std::string sentence = "; did you mean ";
    for (std::size_t i = 0; i < words.size(); ++i) sentence += (i == 0 ? "" : i + 1 == words.size() ? " or " : ", ") + words[i];
    return sentence + "?";
}

}  // namespace bulkhead::cli
