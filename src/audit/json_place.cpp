// SPDX-License-Identifier: Apache-2.0
#include "audit/json_place.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <optional>

namespace bulkhead::audit {

namespace {

constexpr std::size_t depth_max = 130;  // a little more than base/json.h takes

// Over a text that is known to be JSON: brackets, strings and separators are all it has to tell apart.
class Walk {
  public:
    explicit Walk(std::string_view bytes) : bytes_(bytes) { skip_blanks(); }

    [[nodiscard]] std::size_t at() const { return at_; }

    bool go(const JsonStep& step) {
        const auto* key = std::get_if<std::string_view>(&step);
        if (at_ >= bytes_.size() || bytes_[at_] != (key != nullptr ? '{' : '[')) return false;
        const std::size_t start = at_;
        advance();
        for (std::size_t index = 0; at_ < bytes_.size() && bytes_[at_] != '}' && bytes_[at_] != ']'; ++index) {
            bool found = key == nullptr && index == std::get<std::size_t>(step);
            if (key != nullptr) {
                const std::size_t from = at_;
                skip_string();
                found = bytes_.substr(from + 1, std::max(at_, from + 2) - from - 2) == *key;
                skip_blanks();
                advance();  // the colon
            }
            if (found) return true;
            skip_value();
            if (at_ < bytes_.size() && bytes_[at_] == ',') advance();
        }
        at_ = start;
        return false;
    }

  private:
    void skip_blanks() { at_ = std::min(bytes_.find_first_not_of(" \t\r\n", at_), bytes_.size()); }
    void advance() {
        ++at_;
        skip_blanks();
    }
    void skip_string() {
        for (++at_; at_ < bytes_.size() && bytes_[at_] != '"'; ++at_) {
            if (bytes_[at_] == '\\') ++at_;
        }
        at_ = std::min(at_ + 1, bytes_.size());
    }
    void skip_value() {
        std::size_t depth = 0;
        while (at_ < bytes_.size()) {
            const char c = bytes_[at_];
            if (depth == 0 && (c == ',' || c == '}' || c == ']')) return;
            if (c == '"') {
                skip_string();
                continue;
            }
            if (c == '{' || c == '[') ++depth;
            if (c == '}' || c == ']') --depth;
            ++at_;
        }
    }

    std::string_view bytes_;
    std::size_t at_ = 0;
};

}  // namespace

std::size_t json_error_offset(std::string_view bytes) {
    boost::json::stream_parser parser({}, {.max_depth = depth_max});
    boost::system::error_code error;
    const std::size_t taken = parser.write_some(bytes.data(), bytes.size(), error);
    return std::min(taken, bytes.size());
}

std::size_t json_offset(std::string_view bytes, const std::vector<JsonStep>& steps) {
    Walk walk(bytes);
    for (const JsonStep& step : steps) {
        if (!walk.go(step)) break;
    }
    return walk.at();
}

std::string place_in(const std::string& file, std::string_view bytes, std::size_t offset) {
    const std::string_view before = bytes.substr(0, offset);
    const auto line = std::ranges::count(before, '\n') + 1;
    const std::size_t line_start = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
    return fmt::format("{}:{}:{}", file, line, before.size() - line_start + 1);
}

}  // namespace bulkhead::audit
