// SPDX-License-Identifier: Apache-2.0
#include "host/firewall_words.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "host/firewall_parse.h"

namespace bulkhead::host {

std::string_view next_save_line(std::string_view& rest) {
    bool open = false;
    std::size_t end = 0;
    const bool may_quote = rest.starts_with('[') || rest.starts_with('-');
    for (; end < rest.size(); ++end) {
        const char c = rest[end];
        if (c == '\n' && !open) break;
        if (!may_quote) continue;
        if (open && c == '\\') {
            ++end;
        } else if (c == '"') {
            open = !open;
        }
    }
    end = std::min(end, rest.size());
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(rest.size(), end + 1));
    return line;
}

Result<std::vector<SaveWord>> split_save_words(std::string_view line) {
    std::vector<SaveWord> out;
    SaveWord word;
    bool open = false;
    bool escaped = false;
    bool any = false;
    for (const char c : line) {
        if (open) {
            if (escaped) {
                word.text += c;
                escaped = false;
            } else if (c == '\\') {
                escaped = true;
            } else if (c == '"') {
                open = false;
            } else {
                word.text += c;
            }
        } else if (c == '"') {
            open = word.quoted = any = true;
        } else if (c == ' ' || c == '\t') {
            if (any) out.push_back(std::exchange(word, {}));
            any = false;
        } else {
            word.text += c;
            any = true;
        }
        if (out.size() > firewall_words_max) return fail(Code::limit_exceeded, "too many words");
    }
    if (open) return fail(Code::corrupt, "a quote is not closed");
    if (any) out.push_back(std::move(word));
    return out;
}

bool read_save_counters(std::string_view text, std::optional<std::int64_t>& packets, std::optional<std::int64_t>& bytes) {
    if (text.size() < 5 || text.front() != '[' || text.back() != ']') return false;
    const std::string_view inner = text.substr(1, text.size() - 2);
    const std::size_t colon = inner.find(':');
    if (colon == std::string_view::npos) return false;
    packets = text::to_integer(inner.substr(0, colon));
    bytes = text::to_integer(inner.substr(colon + 1));
    return packets && bytes && *packets >= 0 && *bytes >= 0;
}

}  // namespace bulkhead::host
