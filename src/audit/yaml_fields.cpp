// SPDX-License-Identifier: Apache-2.0
#include "audit/yaml_fields.h"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>

#include <algorithm>
#include <optional>
#include <sstream>

#include "base/text.h"

namespace bulkhead::audit {

namespace {

// Hears a document and keeps its start and its first alias.
class Strict : public YAML::EventHandler {
  public:
    void OnDocumentStart(const YAML::Mark& mark) override { start = mark; }
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark&, YAML::anchor_t) override {}
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
        if (!alias) alias = mark;
    }
    void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t, const std::string&) override {}
    void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {}
    void OnSequenceEnd() override {}
    void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {}
    void OnMapEnd() override {}

    YAML::Mark start;
    std::optional<YAML::Mark> alias;
};

}  // namespace

std::unexpected<Error> fail_at(const YAML::Mark& mark, const std::string& file, const std::string& message) {
    return fail(Code::invalid_input, fmt::format("{}:{}:{}: {}", file, mark.line + 1, mark.column + 1, message));
}

bulkhead::Result<YAML::Node> parse_yaml(std::string_view text, const std::string& file) {
    if (text.size() > yaml_bytes_max) return fail(Code::limit_exceeded, fmt::format("{}: larger than {} bytes", file, yaml_bytes_max));
    if (!text::is_utf8(text)) return fail(Code::invalid_input, file + ": not UTF-8");
    try {
        // What yaml-cpp's tree no longer shows: aliases, which need an anchor (&), and documents after the first.
        std::istringstream stream{std::string(text)};
        YAML::Parser parser(stream);
        Strict first;
        Strict second;
        const bool suspicious =
            text.find('&') != std::string_view::npos || text.find("\n---") != std::string_view::npos || text.find("\n...") != std::string_view::npos;
        if (suspicious && parser.HandleNextDocument(first) && first.alias) return fail_at(*first.alias, file, "aliases (*name) are not allowed: write it out");
        if (suspicious && parser.HandleNextDocument(second)) return fail_at(second.start, file, "more than one document in the file");
        return YAML::Load(std::string(text));
    } catch (const YAML::ParserException& error) {
        return fail_at(error.mark, file, error.msg);
    } catch (const YAML::Exception& error) {
        return fail(Code::invalid_input, file + ": " + error.what());
    }
}

bulkhead::Result<YamlFields> YamlFields::read(const YAML::Node& node, const std::string& file, const std::vector<std::string_view>& allowed) {
    YamlFields fields;
    fields.file_ = file;
    fields.mark_ = node.Mark();
    if (!node.IsMap()) return audit::fail_at(node.Mark(), file, fmt::format("expected a mapping with the keys: {}", fmt::join(allowed, ", ")));
    for (const auto& entry : node) {
        if (!entry.first.IsScalar()) return audit::fail_at(entry.first.Mark(), file, "a key must be plain text");
        const std::string& key = entry.first.Scalar();
        if (std::ranges::find(allowed, key) == allowed.end()) {
            return audit::fail_at(entry.first.Mark(), file, fmt::format("unknown key '{}'; allowed: {}", text::printable(key), fmt::join(allowed, ", ")));
        }
        if (!fields.fields_.emplace(key, entry.second).second) return audit::fail_at(entry.first.Mark(), file, fmt::format("the key '{}' is given twice", key));
    }
    return fields;
}

std::unexpected<Error> YamlFields::fail_at(std::string_view key, const std::string& message) const {
    const auto found = fields_.find(std::string(key));
    return audit::fail_at(found == fields_.end() ? mark_ : found->second.Mark(), file_, message);
}

bulkhead::Result<std::string> YamlFields::text(std::string_view key) const {
    if (!has(key)) return fail_at(key, fmt::format("'{}' is missing", key));
    const YAML::Node& value = node(key);
    if (!value.IsScalar() || text::trim(value.Scalar()).empty()) return fail_at(key, fmt::format("'{}' must be text", key));
    return std::string(text::trim(value.Scalar()));
}

bulkhead::Result<std::string> YamlFields::text_or(std::string_view key, std::string_view otherwise) const {
    return has(key) ? text(key) : bulkhead::Result<std::string>(std::string(otherwise));
}

bulkhead::Result<std::vector<std::string>> YamlFields::texts(std::string_view key) const {
    std::vector<std::string> values;
    if (!has(key)) return values;
    const YAML::Node& list = node(key);
    if (!list.IsSequence()) return fail_at(key, fmt::format("'{}' must be a list of texts", key));
    for (const auto& item : list) {
        if (!item.IsScalar()) return audit::fail_at(item.Mark(), file_, fmt::format("'{}' must be a list of texts", key));
        values.push_back(item.Scalar());
    }
    return values;
}

bulkhead::Result<std::map<std::string, std::string>> YamlFields::texts_by_name(std::string_view key) const {
    std::map<std::string, std::string> values;
    if (!has(key)) return values;
    const YAML::Node& map = node(key);
    if (!map.IsMap()) return fail_at(key, fmt::format("'{}' must be a mapping of names to texts", key));
    for (const auto& entry : map) {
        if (!entry.first.IsScalar() || !entry.second.IsScalar())
            return audit::fail_at(entry.first.Mark(), file_, fmt::format("'{}' must be a mapping of names to texts", key));
        if (!values.emplace(entry.first.Scalar(), entry.second.Scalar()).second)
            return audit::fail_at(entry.first.Mark(), file_, fmt::format("'{}' has '{}' twice", key, text::printable(entry.first.Scalar())));
    }
    return values;
}

bulkhead::Result<std::vector<int>> YamlFields::integers(std::string_view key) const {
    const auto values = texts(key);
    if (!values) return std::unexpected(values.error());
    std::vector<int> numbers;
    for (const std::string& value : *values) {
        const auto number = text::to_integer(value);
        if (!number || *number < -1'000'000 || *number > 1'000'000) return fail_at(key, fmt::format("'{}' must be a list of whole numbers", key));
        numbers.push_back(static_cast<int>(*number));
    }
    return numbers;
}

}  // namespace bulkhead::audit
