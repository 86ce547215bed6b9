// SPDX-License-Identifier: Apache-2.0
// Text from outside for languages with markup. All of it passes text::printable first: control bytes, broken UTF-8 and characters that
// turn the direction of writing become \xNN, in whatever language the text ends.
#pragma once

#include <string>
#include <string_view>

namespace bulkhead::report {

// For element content and quoted attributes of HTML and XML 1.0. One line.
std::string markup(std::string_view raw);
// A longer text of a control: paragraphs between empty lines, `words` as code. HTML.
std::string prose(std::string_view raw);
// For running text and table cells of GitHub's and GitLab's Markdown: nothing in it is a link, HTML, a mention or a new cell.
std::string markdown(std::string_view raw);
std::string markdown_prose(std::string_view raw);  // a control's text in one line, `words` as code
// A path or name as the path of a URI reference (RFC 3986): all but unreserved characters and slashes percent-encoded.
std::string uri_path(std::string_view raw);
// Trimmed, in one line, never empty: what schemas with pattern ^\S(.*\S)?$ take.
std::string one_line(std::string_view raw);
// At most `bytes_max` bytes, cut between characters, with "..." where something was cut.
std::string shortened(std::string_view raw, std::size_t bytes_max);

}  // namespace bulkhead::report
