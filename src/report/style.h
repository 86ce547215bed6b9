// SPDX-License-Identifier: Apache-2.0
// Colours and drawing characters of the formats for people, or none where the reader's terminal has none.
#pragma once

#include <string>
#include <string_view>

#include "report/counts.h"
#include "report/format.h"

namespace bulkhead::report {

enum class Tone : std::uint8_t { alarm, error, unknown, info, skip, ok, strong, faint };

class Style {
  public:
    explicit Style(const RenderOptions& options) : color_(options.color), unicode_(options.glyphs == Glyphs::unicode) {}

    [[nodiscard]] std::string paint(Tone tone, std::string_view text) const;  // SGR sequences (ECMA-48 8.3.117), or the bare text
    [[nodiscard]] std::string label(audit::Status status) const;              // "ALARM  ", of label_columns, painted
    [[nodiscard]] std::string_view rail() const { return unicode_ ? "│ " : "| "; }
    [[nodiscard]] std::string_view ellipsis() const { return unicode_ ? "…" : "..."; }
    // What share of the results is bad, unclear and fine, in [..]: bar_columns wide. What is there at all gets one mark at least.
    [[nodiscard]] std::string bar(const Counts& counts) const;
    [[nodiscard]] std::string block(Tone tone, std::size_t columns) const;

    static constexpr std::size_t label_columns = 7;
    static constexpr std::size_t bar_columns = 12;

  private:
    Color color_;
    bool unicode_;
};

Tone tone(audit::Status status);

}  // namespace bulkhead::report
