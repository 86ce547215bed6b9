// SPDX-License-Identifier: Apache-2.0
#include "flow/name_pattern.h"

#include "base/text.h"

namespace bulkhead::flow {

namespace {

constexpr std::size_t pattern_bytes_max = 1024;

// In time of pattern times name at the worst: only the last * is ever tried anew.
bool holds(std::string_view pattern, std::string_view name) {
    std::size_t p = 0, n = 0;
    std::size_t star = std::string_view::npos, tried = 0;
    while (n < name.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            tried = n;
        } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == name[n])) {
            ++p;
            ++n;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            n = ++tried;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == '*') ++p;
    return p == pattern.size();
}

}  // namespace

Result<NamePattern> NamePattern::parse(std::string_view text, Case letters) {
    if (text.empty()) return fail(Code::invalid_input, "a name is wanted; * stands for any text");
    if (text.size() > pattern_bytes_max) return fail(Code::invalid_input, "a name or pattern has at most 1024 bytes");
    NamePattern out;
    out.text_ = letters == Case::matters ? std::string(text) : text::lower(text);
    out.letters_ = letters;
    return out;
}

bool NamePattern::takes(std::string_view name) const { return letters_ == Case::matters ? holds(text_, name) : holds(text_, text::lower(name)); }

}  // namespace bulkhead::flow
