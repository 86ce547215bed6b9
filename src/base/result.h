// SPDX-License-Identifier: Apache-2.0
// Value or error: how every expected failure in bulkhead travels. Callers branch on the code, never on the text.
// Any thread.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace bulkhead {

enum class Code : std::uint8_t {
    not_found,          // proved not to exist
    unavailable,        // not reachable now
    permission_denied,  // exists, may not be read by this user
    invalid_input,      // what the user gave is wrong
    unsupported,        // understood, and not possible here
    limit_exceeded,     // a named bound was hit
    corrupt,            // bytes that do not mean what they should
    internal,           // a defect of ours
};

std::string_view name(Code code);

struct Error {
    Code code = Code::internal;
    std::string message;

    // The same error with where it happened in front: "reading /proc/1/status: permission denied".
    [[nodiscard]] Error in(std::string_view where) const { return {code, std::string(where) + ": " + message}; }
};

template <class T>
using Result = std::expected<T, Error>;

inline std::unexpected<Error> fail(Code code, std::string message) { return std::unexpected(Error{code, std::move(message)}); }

}  // namespace bulkhead
