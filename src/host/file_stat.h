// SPDX-License-Identifier: Apache-2.0
// The answer of a stat reading (world/reading.h) as a value. Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace bulkhead::host {

// What a filesystem holds and what of it others than root may still use. A filesystem without a number of files that it could run out of says 0 files.
struct FilesystemSpace {
    std::int64_t bytes = 0, available = 0;
    std::int64_t files = 0, files_available = 0;
};

struct FileStat {
    std::string type;       // file, directory, socket, ...
    std::int64_t mode = 0;  // permission bits with set-id and sticky bits
    std::int64_t uid = 0, gid = 0, size = 0;
    std::string device;  // of the filesystem
    std::int64_t inode = 0;
    std::int64_t mtime_ms = 0;
    std::string path;                             // without symbolic links; empty where the reading does not tell
    std::optional<std::vector<std::string>> acl;  // what an ACL grants beyond the mode, "user:1000:rw-"; nothing: not known
    std::optional<FilesystemSpace> space;         // of a folder's filesystem; nothing: not known

    [[nodiscard]] std::string mode_text() const;  // "0644"
    [[nodiscard]] bool is_same_file(const FileStat& other) const { return inode == other.inode && device == other.device; }
};

Result<FileStat> parse_file_stat(std::string_view bytes);

// The name of an id in passwd(5) or group(5); nothing where there is none.
std::optional<std::string> name_of_id(std::string_view database, std::int64_t id);

}  // namespace bulkhead::host
