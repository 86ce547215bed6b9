// SPDX-License-Identifier: Apache-2.0
// Files of this machine that are too large to hold, and folders of them, as streams: archives of images and OCI layout folders that a
// user names. Only regular files are opened, and inside a folder no link is followed. Errors: not_found, permission_denied,
// unsupported (neither file nor folder), limit_exceeded, unavailable.
#pragma once

#include <memory>
#include <string>

#include "world/stream.h"

namespace bulkhead::world {

inline constexpr std::size_t folder_files_max = 100'000;
inline constexpr int folder_depth_max = 4;  // blobs/sha256/DIGEST is 3

Result<std::unique_ptr<ByteStream>> open_file_stream(const std::string& path);
// What is piped into this process. Once.
Result<std::unique_ptr<ByteStream>> open_standard_input();
// All regular files below the folder, ordered by name, named relative to it.
Result<std::unique_ptr<FileSequence>> open_folder_files(const std::string& path);
Result<bool> is_folder(const std::string& path);

}  // namespace bulkhead::world
