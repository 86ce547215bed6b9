// SPDX-License-Identifier: Apache-2.0
// Reading JSON that came from outside: bounded in size and depth, never throwing. A thin face of simdjson's DOM: absent keys and
// wrong types read as "nothing", so that callers say what they want and get it or do not. Values live as long as their Document.
// A Document is owned by one thread; its bytes must outlive nothing (they are copied).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace bulkhead::json {

struct Access;  // json.cpp's way to the parser's own types, which no header shows: they are costly to compile

inline constexpr std::size_t depth_max = 128;

class Value {
  public:
    Value() = default;

    [[nodiscard]] bool exists() const { return exists_; }
    [[nodiscard]] bool is_null() const;
    [[nodiscard]] bool is_object() const;
    [[nodiscard]] bool is_array() const;
    [[nodiscard]] Value operator[](std::string_view key) const;  // a key of an object; nothing where there is none

    [[nodiscard]] std::optional<std::string> text() const;
    [[nodiscard]] std::optional<std::int64_t> integer() const;
    [[nodiscard]] std::optional<double> real() const;
    [[nodiscard]] std::optional<bool> boolean() const;
    [[nodiscard]] std::string text_or(std::string_view otherwise = {}) const;
    [[nodiscard]] std::int64_t integer_or(std::int64_t otherwise) const { return integer().value_or(otherwise); }
    [[nodiscard]] bool boolean_or(bool otherwise) const { return boolean().value_or(otherwise); }

    [[nodiscard]] std::vector<Value> items() const;                            // of an array, else none
    [[nodiscard]] std::vector<std::pair<std::string, Value>> members() const;  // of an object, in the document's order, else none
    [[nodiscard]] std::vector<std::string> texts() const;                      // the strings of an array; other kinds are left out
    [[nodiscard]] std::string dump() const;                                    // JSON text without blanks; "null" where there is nothing

  private:
    friend struct Access;
    // A place in the Document: the bits of simdjson's element.
    alignas(void*) std::array<std::byte, 2 * sizeof(void*)> element_{};
    bool exists_ = false;
};

class Document {
  public:
    Document(Document&&) noexcept;
    Document& operator=(Document&&) noexcept;
    ~Document();
    static Result<Document> parse(std::string_view bytes);  // corrupt: not JSON or not UTF-8; limit_exceeded: deeper than depth_max
    [[nodiscard]] Value root() const { return root_; }

  private:
    struct Parser;
    Document();
    std::unique_ptr<Parser> parser_;
    Value root_;
};

std::string quote(std::string_view text);  // a JSON string with its quotes; broken UTF-8 becomes U+FFFD

}  // namespace bulkhead::json
