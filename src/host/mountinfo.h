// SPDX-License-Identifier: Apache-2.0
// /proc/PID/mountinfo (proc(5)): what is mounted where in the process's mount namespace. Any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace bulkhead::host {

// "rw,nosuid,size=64k", taken apart only where somebody asks: hosts have thousands of mounts.
class MountOptions {
  public:
    MountOptions() = default;
    explicit MountOptions(std::string_view text) : text_(text) {}
    [[nodiscard]] bool contains(std::string_view name) const;
    [[nodiscard]] std::vector<std::string> items() const;

  private:
    std::string text_;  // as the kernel escapes it
};

struct Mount {
    std::int64_t id = 0, parent_id = 0;
    std::string device;                    // "254:0"
    std::string root;                      // the directory of the filesystem that is mounted
    std::string mount_point;               // in the process's root
    MountOptions options;                  // of this mount: ro, nosuid, ...
    std::vector<std::string> propagation;  // shared:1, master:2, ...; empty is private
    std::string fs_type;
    std::string source;
    MountOptions super_options;  // of the filesystem

    [[nodiscard]] bool has_option(std::string_view name) const;
    // Nothing can be written through this mount: the mount or its filesystem is read-only.
    [[nodiscard]] bool is_read_only() const;
};

inline constexpr std::size_t mounts_max = 200'000;  // fs.mount-max is 100,000 by default

Result<std::vector<Mount>> parse_mountinfo(std::string_view bytes);
// The kernel writes blank, tab, newline and backslash as \040, \011, \012 and \134.
std::string unescape_octal(std::string_view text);

}  // namespace bulkhead::host
