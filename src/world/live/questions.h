// SPDX-License-Identifier: Apache-2.0
// The closed list of what a server may be asked with --probe: each question is harmless, carries no credentials, and is chosen so that the
// answer tells whether strangers are served, and as little else as can be. Pure; any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace bulkhead::world {

inline constexpr std::size_t answer_bytes_max = 8192;  // read from the server
inline constexpr std::size_t answer_kept_max = 600;    // of them, in the reading
inline constexpr std::size_t frames_max = 20;          // of HTTP/2, in the reading

struct Question {
    std::string_view name;
    std::string bytes;
    bool over_tls = false;  // even without "+tls"
    bool forged = false;    // with a certificate that no CA signed
    std::string_view alpn = {};
    bool (*whole)(std::string_view answer) = nullptr;        // no more is to come
    std::string (*kept)(std::string_view answer) = nullptr;  // what of it may be kept
};

// Nothing where there is no question of that name.
const Question* question_of(std::string_view name);

// An answer of HTTP/1 without its body and without the values of headers, but for those that say what the server is (cookies are secrets).
std::string http_head(std::string_view answer);
// An answer of HTTP/2 as lines "TYPE FLAGS STREAM LENGTH", one for each frame, without what is in them (RFC 9113, 4.1).
std::string frames(std::string_view answer);

}  // namespace bulkhead::world
