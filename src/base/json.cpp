// SPDX-License-Identifier: Apache-2.0
#include "base/json.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <bit>

#include "base/text.h"

namespace bulkhead::json {

using Element = simdjson::dom::element;

struct Access {
    static_assert(sizeof(Element) == sizeof(Value::element_) && std::is_trivially_copyable_v<Element>);
    static Element element(const Value& value) { return std::bit_cast<Element>(value.element_); }
    static Value value(Element element) {
        Value made;
        made.element_ = std::bit_cast<decltype(made.element_)>(element);
        made.exists_ = true;
        return made;
    }
    // The element as T, where there is one and it is a T.
    template <class T>
    static std::optional<T> get(const Value& value) {
        T got{};
        if (!value.exists_ || element(value).get(got) != simdjson::SUCCESS) return std::nullopt;
        return got;
    }
};

struct Document::Parser {
    simdjson::dom::parser parser;
};

Document::Document() = default;
Document::Document(Document&&) noexcept = default;
Document& Document::operator=(Document&&) noexcept = default;
Document::~Document() = default;

bool Value::is_null() const { return !exists_ || Access::element(*this).is_null(); }
bool Value::is_object() const { return exists_ && Access::element(*this).is_object(); }
bool Value::is_array() const { return exists_ && Access::element(*this).is_array(); }

Value Value::operator[](std::string_view key) const {
    const auto object = Access::get<simdjson::dom::object>(*this);
    Element found;
    if (!object || object->at_key(key).get(found) != simdjson::SUCCESS) return {};
    return Access::value(found);
}

std::optional<std::string> Value::text() const {
    const auto view = Access::get<std::string_view>(*this);
    if (!view) return std::nullopt;
    return std::string(*view);
}

std::optional<std::int64_t> Value::integer() const {
    if (const auto whole = Access::get<std::int64_t>(*this)) return whole;
    const auto number = real();
    if (number && *number > -9.2e18 && *number < 9.2e18) return static_cast<std::int64_t>(*number);
    return std::nullopt;
}

std::optional<double> Value::real() const { return Access::get<double>(*this); }
std::optional<bool> Value::boolean() const { return Access::get<bool>(*this); }

std::string Value::text_or(std::string_view otherwise) const { return text().value_or(std::string(otherwise)); }

std::vector<Value> Value::items() const {
    std::vector<Value> values;
    const auto array = Access::get<simdjson::dom::array>(*this);
    if (!array) return values;
    values.reserve(array->size());
    for (const Element item : *array) values.push_back(Access::value(item));
    return values;
}

std::vector<std::pair<std::string, Value>> Value::members() const {
    std::vector<std::pair<std::string, Value>> values;
    const auto object = Access::get<simdjson::dom::object>(*this);
    if (!object) return values;
    for (const auto field : *object) values.emplace_back(std::string(field.key), Access::value(field.value));
    return values;
}

std::vector<std::string> Value::texts() const {
    std::vector<std::string> values;
    for (const Value& item : items()) {
        if (auto value = item.text()) values.push_back(std::move(*value));
    }
    return values;
}

std::string Value::dump() const {
    if (!exists_) return "null";
    return simdjson::minify(Access::element(*this));
}

Result<Document> Document::parse(std::string_view bytes) {
    if (bytes.empty()) return fail(Code::corrupt, "not JSON: empty");  // a null pointer would reach simdjson's memcpy
    Document document;
    document.parser_ = std::make_unique<Parser>();
    simdjson::dom::parser& parser = document.parser_->parser;
    if (const auto error = parser.allocate(bytes.size() + 1, depth_max); error != simdjson::SUCCESS) {
        return fail(Code::limit_exceeded, "no memory to read JSON");
    }
    Element root;
    const auto error = parser.parse(bytes.data(), bytes.size()).get(root);
    if (error == simdjson::DEPTH_ERROR) return fail(Code::limit_exceeded, fmt::format("JSON nested deeper than {} levels", depth_max));
    if (error != simdjson::SUCCESS) return fail(Code::corrupt, fmt::format("not JSON: {}", simdjson::error_message(error)));
    document.root_ = Access::value(root);
    return document;
}

std::string quote(std::string_view text) {
    constexpr auto plain = [](char c) { return c >= 0x20 && c < 0x7F && c != '"' && c != '\\'; };
    if (std::ranges::all_of(text, plain)) return '"' + std::string(text) + '"';
    std::string out = "\"";
    const bool clean = text::is_utf8(text);
    for (const char raw : text) {
        const auto c = static_cast<unsigned char>(raw);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += raw;
        } else if (c < 0x20 || c == 0x7F) {
            out += fmt::format("\\u{:04x}", c);
        } else if (c >= 0x80 && !clean) {
            out += "\xEF\xBF\xBD";
        } else {
            out += raw;
        }
    }
    return out + '"';
}

}  // namespace bulkhead::json
