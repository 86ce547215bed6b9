// SPDX-License-Identifier: Apache-2.0
// What all fuzz targets do with their bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "base/result.h"

namespace bulkhead::fuzz {

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
    return size == 0 ? std::string_view() : std::string_view(reinterpret_cast<const char*>(data), size);
}

// Where one target has several parsers, the first byte says which; it is a letter, so that inputs can be written by hand.
struct Choice {
    char which = 0;
    std::string_view bytes;
};
inline Choice choice_of(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return {};
    return {static_cast<char>(data[0]), text_of(data + 1, size - 1)};
}

// A failure must say what is wrong.
template <class T>
void check_result(const Result<T>& result) {
    if (!result) CHECK(!result.error().message.empty());
}

}  // namespace bulkhead::fuzz
