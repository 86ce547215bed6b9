// SPDX-License-Identifier: Apache-2.0
// A YAML text by its lines, for edits at places that a parser told. Pure; owned by one thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "build/position.h"

namespace bulkhead::fix {

class YamlLines {
  public:
    explicit YamlLines(std::string_view text);

    [[nodiscard]] std::string text() const;
    [[nodiscard]] bool has(int line) const { return line >= 1 && static_cast<std::size_t>(line) <= lines_.size(); }
    [[nodiscard]] std::string_view line(int line) const { return lines_[static_cast<std::size_t>(line - 1)]; }  // REQUIRES has(line)

    // content is without line end; 0 is the top. False: no such line. A parser may count more of them: to YAML a lone carriage return ends one.
    [[nodiscard]] bool insert_after(int line, const std::string& content);
    // The scalar that begins there gets another text. False: no scalar that ends on its line.
    bool replace_scalar(build::Position at, std::string_view with);
    bool insert_at(build::Position at, std::string_view what);

  private:
    // Parsers count characters, lines are bytes.
    [[nodiscard]] std::optional<std::size_t> offset(build::Position at) const;
    std::vector<std::string> lines_;  // without line ends
    std::string line_end_ = "\n";
    bool ends_with_line_end_ = true;
};

}  // namespace bulkhead::fix
