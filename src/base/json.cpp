// SPDX-License-Identifier: Apache-2.0
#include "base/json.h"

#include <fmt/format.h>

#include "base/text.h"

namespace bulkhead::json {

Value Value::operator[](std::string_view key) const {
    simdjson::dom::object object;
    if (!element_ || element_->get(object) != simdjson::SUCCESS) return {};
    simdjson::dom::element found;
    if (object.at_key(key).get(found) != simdjson::SUCCESS) return {};
    return Value(found);
}

std::optional<std::string> Value::text() const {
    std::string_view view;
    if (!element_ || element_->get(view) != simdjson::SUCCESS) return std::nullopt;
    return std::string(view);
}

std::optional<std::int64_t> Value::integer() const {
    if (!element_) return std::nullopt;
    std::int64_t whole = 0;
    if (element_->get(whole) == simdjson::SUCCESS) return whole;
    double number = 0;
    if (element_->get(number) == simdjson::SUCCESS && number > -9.2e18 && number < 9.2e18) return static_cast<std::int64_t>(number);
    return std::nullopt;
}

std::optional<double> Value::real() const {
    double number = 0;
    if (!element_ || element_->get(number) != simdjson::SUCCESS) return std::nullopt;
    return number;
}

std::optional<bool> Value::boolean() const {
    bool flag = false;
    if (!element_ || element_->get(flag) != simdjson::SUCCESS) return std::nullopt;
    return flag;
}

std::string Value::text_or(std::string_view otherwise) const { return text().value_or(std::string(otherwise)); }

std::vector<Value> Value::items() const {
    std::vector<Value> values;
    simdjson::dom::array array;
    if (!element_ || element_->get(array) != simdjson::SUCCESS) return values;
    values.reserve(array.size());
    for (const simdjson::dom::element item : array) values.emplace_back(item);
    return values;
}

std::vector<std::pair<std::string, Value>> Value::members() const {
    std::vector<std::pair<std::string, Value>> values;
    simdjson::dom::object object;
    if (!element_ || element_->get(object) != simdjson::SUCCESS) return values;
    for (const auto field : object) values.emplace_back(std::string(field.key), Value(field.value));
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
    if (!element_) return "null";
    return simdjson::minify(*element_);
}

Result<Document> Document::parse(std::string_view bytes) {
    Document document;
    document.parser_ = std::make_unique<simdjson::dom::parser>();
    if (const auto error = document.parser_->allocate(bytes.size() + 1, depth_max); error != simdjson::SUCCESS) {
        return fail(Code::limit_exceeded, "no memory to read JSON");
    }
    simdjson::dom::element root;
    const auto error = document.parser_->parse(bytes.data(), bytes.size()).get(root);
    if (error == simdjson::DEPTH_ERROR) return fail(Code::limit_exceeded, fmt::format("JSON nested deeper than {} levels", depth_max));
    if (error != simdjson::SUCCESS) return fail(Code::corrupt, fmt::format("not JSON: {}", simdjson::error_message(error)));
    document.root_ = Value(root);
    return document;
}

std::string quote(std::string_view text) {
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
