// SPDX-License-Identifier: Apache-2.0
// Reading YAML that people write by hand: every key is known, every mistake names file, line and column. yaml-cpp's exceptions end
// here. Aliases are refused (a small file could grow without end), and so are duplicate keys, which yaml-cpp would accept.
#pragma once

#include <yaml-cpp/yaml.h>

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace bulkhead::audit {

inline constexpr std::size_t yaml_bytes_max = 1UL << 20U;

bulkhead::Result<YAML::Node> parse_yaml(std::string_view text, const std::string& file);

class YamlFields {
  public:
    // The keys of a mapping; anything but `allowed` is an error.
    static bulkhead::Result<YamlFields> read(const YAML::Node& node, const std::string& file, const std::vector<std::string_view>& allowed);

    bulkhead::Result<std::string> text(std::string_view key) const;  // required
    bulkhead::Result<std::string> text_or(std::string_view key, std::string_view otherwise) const;
    bulkhead::Result<std::vector<std::string>> texts(std::string_view key) const;                    // a list of texts; absent is none
    bulkhead::Result<std::map<std::string, std::string>> texts_by_name(std::string_view key) const;  // a mapping to texts; absent is none
    bulkhead::Result<std::vector<int>> integers(std::string_view key) const;
    [[nodiscard]] bool has(std::string_view key) const { return fields_.contains(std::string(key)); }
    [[nodiscard]] const YAML::Node& node(std::string_view key) const { return fields_.at(std::string(key)); }
    [[nodiscard]] std::unexpected<Error> fail_at(std::string_view key, const std::string& message) const;

  private:
    std::string file_;
    YAML::Mark mark_;
    std::map<std::string, YAML::Node> fields_;
};

std::unexpected<Error> fail_at(const YAML::Mark& mark, const std::string& file, const std::string& message);

}  // namespace bulkhead::audit
