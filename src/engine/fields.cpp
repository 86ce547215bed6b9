// SPDX-License-Identifier: Apache-2.0
#include "engine/fields.h"

#include <fmt/format.h>

#include <algorithm>

namespace bulkhead::engine {

namespace {

Result<json::Document> parse_bounded(std::string_view bytes, std::size_t bytes_max) {
    if (bytes.size() > bytes_max) return fail(Code::limit_exceeded, fmt::format("answer of {} bytes, the limit is {}", bytes.size(), bytes_max));
    return json::Document::parse(bytes);
}

bool is_plain(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == ':' || c == '-'; }

}  // namespace

TextMap text_map(const json::Value& object) {
    TextMap map;
    for (const auto& [key, value] : object.members()) {
        if (auto text = value.text()) map.emplace(key, std::move(*text));
    }
    return map;
}

std::string array_text(const std::vector<std::string>& values) {
    std::string out = "[";
    for (const auto& value : values) {
        if (out.size() > 1) out += ',';
        out += json::quote(value);
    }
    return out + ']';
}

std::string object_text(const TextMap& values) {
    std::string out = "{";
    for (const auto& [key, value] : values) {
        if (out.size() > 1) out += ',';
        out += json::quote(key) + ':' + json::quote(value);
    }
    return out + '}';
}

bool is_plain_id(std::string_view id) { return !id.empty() && id.size() <= id_length_max && id != "." && id != ".." && std::ranges::all_of(id, is_plain); }

Result<json::Document> parse_object(std::string_view bytes) {
    auto document = parse_bounded(bytes, object_bytes_max);
    if (document && !document->root().is_object()) return fail(Code::corrupt, "not a JSON object");
    return document;
}

Result<json::Document> parse_array(std::string_view bytes) {
    auto document = parse_bounded(bytes, list_bytes_max);
    // Go engines write an empty list as null in places.
    if (document && !document->root().is_array() && !document->root().is_null()) return fail(Code::corrupt, "not a JSON array");
    return document;
}

Result<std::string> identity(const json::Value& object, std::string_view key) {
    if (!object.is_object()) return fail(Code::corrupt, "not a JSON object");
    auto id = object[key].text();
    if (!id || !is_plain_id(*id)) return fail(Code::corrupt, fmt::format("no usable {}", key));
    return std::move(*id);
}

}  // namespace bulkhead::engine
