// SPDX-License-Identifier: Apache-2.0
// Packages as package databases inside images tell them: dpkg's status (deb822, dpkg(1)), apk's installed, rpm's headers. Pure
// parsers of hostile bytes; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "image/limits.h"

namespace bulkhead::image {

struct Package {
    std::string name;
    std::string version;  // with epoch and release, as the manager itself prints it
    std::string architecture;
    std::string source;                   // the source package, where it has another name
    std::int64_t installed_bytes = -1;    // -1: not told
    std::vector<std::string> code_files;  // its programs and shared libraries, without the leading '/'; dpkg keeps them elsewhere

    bool operator==(const Package&) const = default;
};

// /var/lib/dpkg/status, or one file of status.d (distroless images). Packages that are not unpacked are left out.
Result<std::vector<Package>> parse_dpkg(std::string_view bytes, const Limits& limits);
// /var/lib/dpkg/info/NAME.list: the paths of one package; what is code of them.
std::vector<std::string> parse_dpkg_list(std::string_view bytes);
// /lib/apk/db/installed.
Result<std::vector<Package>> parse_apk(std::string_view bytes, const Limits& limits);

// A path of a program (in some bin or sbin, or libexec) or of a shared library.
bool is_code(std::string_view path);
bool is_program(std::string_view path);

}  // namespace bulkhead::image
