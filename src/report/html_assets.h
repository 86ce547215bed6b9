// SPDX-License-Identifier: Apache-2.0
// What the HTML report carries within it: its style and its one script. Neither has an ampersand or a less-than sign, so that the page
// is XML too; the page's policy allows these two by their hashes and nothing else.
#pragma once

#include <string>
#include <string_view>

namespace bulkhead::report {

extern const std::string_view html_style;
extern const std::string_view html_script;

std::string content_hash(std::string_view text);  // "sha256-<base64>", as Content-Security-Policy takes it

}  // namespace bulkhead::report
