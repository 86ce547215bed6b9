// SPDX-License-Identifier: Apache-2.0
#include "host/mapped_files.h"

#include <fmt/format.h>

#include <unordered_set>

#include "base/text.h"
#include "host/mountinfo.h"

namespace bulkhead::host {

namespace {

// "7f00-7f10 r-xp 00000000 08:01 1234      /lib/libc.so.6": the path begins after the fifth field and may hold blanks.
std::string_view path_in(std::string_view line) {
    for (int field = 0; field < 5; ++field) {
        const std::size_t blank = line.find(' ');
        if (blank == std::string_view::npos) return {};
        line.remove_prefix(blank);
        line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
    }
    return line;
}

}  // namespace

Result<std::vector<std::string>> parse_mapped_files(std::string_view bytes) {
    std::vector<std::string> paths;
    std::unordered_set<std::string_view> seen;
    for (const std::string_view line : text::lines(bytes)) {
        const std::string_view path = path_in(line);
        if (!path.starts_with('/') || !seen.insert(path).second) continue;
        if (paths.size() == mapped_files_max) return fail(Code::limit_exceeded, fmt::format("more than {} mapped files", mapped_files_max));
        paths.push_back(unescape_octal(path));
    }
    return paths;
}

}  // namespace bulkhead::host
