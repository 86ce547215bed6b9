// SPDX-License-Identifier: Apache-2.0
// The head of an HTTP/1 message (RFC 9112): the first line and the fields that somebody asks for. Of a head that was cut, what is there.
// Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "l7/bytes.h"

namespace bulkhead::l7 {

struct HttpHead {
    bool is_request = false;
    std::string_view method, target;  // of a request
    std::string_view version;         // "1.1"
    int status = 0;                   // of a response
    std::string_view host, server, powered_by, upgrade, authorization;
    std::optional<std::uint64_t> content_length;
    bool two_lengths = false;  // that differ, or one beside chunks: what two readers understand differently (RFC 9112, section 6.3)
    bool bad_length = false;
    bool chunked = false;
    bool says_elasticsearch = false, says_wordpress = false, says_consul = false;
};

// The head's bytes including the blank line, or nothing while it is not there.
std::optional<std::size_t> http_head_size(Span bytes);
// nullopt: neither a request nor a response. bytes: a head, or the beginning of one.
std::optional<HttpHead> parse_http_head(Span bytes);
bool is_http_method(std::string_view word);

// What a request's target names, without its query: "/a?b=c" and "http://host/a?b=c" are "/a".
struct HttpTarget {
    std::string_view host, path;
};
HttpTarget http_target(std::string_view target);

}  // namespace bulkhead::l7
