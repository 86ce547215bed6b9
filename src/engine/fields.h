// SPDX-License-Identifier: Apache-2.0
// What every parser of engine answers shares: bounds, and reading of the shapes that come back again and again.
// All parsers are pure, never throw, take absent fields as empty (engines of API 1.24 to 1.5x differ in them) and refuse only what
// has no identity. Any thread.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"

namespace bulkhead::engine {

inline constexpr std::size_t object_bytes_max = 8 * 1024 * 1024;  // one inspected thing
inline constexpr std::size_t list_bytes_max = 64 * 1024 * 1024;   // one listing
inline constexpr std::size_t items_max = 200'000;                 // things in one listing
inline constexpr std::size_t id_length_max = 256;

using TextMap = std::map<std::string, std::string>;

TextMap text_map(const json::Value& object);                     // members whose value is text; other kinds are left out
std::string array_text(const std::vector<std::string>& values);  // JSON array
std::string object_text(const TextMap& values);                  // JSON object

// An id or name that may stand in a path of the Engine API as it is: letters, digits, and _ . : -
bool is_plain_id(std::string_view id);

// The document of one object or one array, bounded. corrupt: not JSON, or of another shape; limit_exceeded: too large or too deep.
Result<json::Document> parse_object(std::string_view bytes);
Result<json::Document> parse_array(std::string_view bytes);

// Every item of a JSON array by `one`; the first that cannot be read fails the list: half a list is not the list.
template <class T>
Result<std::vector<T>> each(const json::Value& array, Result<T> (*one)(const json::Value&)) {
    std::vector<T> list;
    for (const json::Value& item : array.items()) {
        if (list.size() == items_max) return fail(Code::limit_exceeded, "more than " + std::to_string(items_max) + " items");
        auto value = one(item);
        if (!value) return std::unexpected(value.error().in("item " + std::to_string(list.size())));
        list.push_back(std::move(*value));
    }
    return list;
}

template <class T>
Result<std::vector<T>> parse_list(std::string_view bytes, Result<T> (*one)(const json::Value&)) {
    const auto document = parse_array(bytes);
    if (!document) return std::unexpected(document.error());
    return each(document->root(), one);
}

// The id under `key`, or corrupt: what has no id cannot be inspected, cited or told apart.
Result<std::string> identity(const json::Value& object, std::string_view key = "Id");

}  // namespace bulkhead::engine
