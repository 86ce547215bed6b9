// SPDX-License-Identifier: Apache-2.0
// Writing JSON objects field by field, leaving out what is at its default. Private to this room. Any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace bulkhead::image {

class ObjectWriter {
  public:
    ObjectWriter& text(std::string_view key, std::string_view value) {
        if (!value.empty()) raw(key, json::quote(value));
        return *this;
    }
    ObjectWriter& number(std::string_view key, std::int64_t value, std::int64_t otherwise = 0) {
        if (value != otherwise) raw(key, std::to_string(value));
        return *this;
    }
    ObjectWriter& flag(std::string_view key, bool value, bool otherwise = false) {
        if (value != otherwise) raw(key, value ? "true" : "false");
        return *this;
    }
    ObjectWriter& texts(std::string_view key, const std::vector<std::string>& values) {
        return list(key, values, [](const std::string& value) { return json::quote(value); });
    }
    template <class T, class Write>
    ObjectWriter& list(std::string_view key, const std::vector<T>& items, Write write) {
        if (items.empty()) return *this;
        std::string array = "[";
        for (const T& item : items) {
            if (array.size() > 1) array += ',';
            array += write(item);
        }
        array += ']';
        return raw(key, array);
    }
    ObjectWriter& raw(std::string_view key, std::string_view json) {
        if (out_.size() > 1) out_ += ',';
        out_ += json::quote(key);
        out_ += ':';
        out_ += json;
        return *this;
    }
    std::string take() {
        out_ += '}';
        return std::move(out_);
    }

  private:
    std::string out_ = "{";
};

}  // namespace bulkhead::image
