// SPDX-License-Identifier: Apache-2.0
// What people write where a name is wanted: the name itself, or a pattern in which * stands for any text and ? for one character. Pure.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace bulkhead::flow {

class NamePattern {
  public:
    enum class Case : std::uint8_t { matters, does_not };
    static Result<NamePattern> parse(std::string_view text, Case letters = Case::matters);  // invalid_input: nothing, or longer than a name can be
    [[nodiscard]] bool takes(std::string_view name) const;
    [[nodiscard]] const std::string& text() const { return text_; }
    [[nodiscard]] bool is_plain() const { return text_.find_first_of("*?") == std::string::npos; }

  private:
    std::string text_;
    Case letters_ = Case::matters;
};

}  // namespace bulkhead::flow
