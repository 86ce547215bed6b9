// SPDX-License-Identifier: Apache-2.0
// Which application speaks HTTP here, by what its messages say: a table. Pure.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "l7/http_head.h"

namespace bulkhead::l7 {

enum class HttpPlace : std::uint8_t { server, powered_by, path };
struct HttpApplication {
    HttpPlace place = HttpPlace::server;
    std::string_view prefix;
    std::string_view application;
};
std::span<const HttpApplication> http_applications();

// Empty: nothing says it. `request_path` is that of the request itself, or of the one a response answers.
std::string_view http_application(const HttpHead& head, std::string_view request_path);
// Whether `more` tells more than `known`: the program behind the server tells more than the server.
bool is_better_application(std::string_view more, std::string_view known);

}  // namespace bulkhead::l7
