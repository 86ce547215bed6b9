// SPDX-License-Identifier: Apache-2.0
// Files of this machine, as this process sees them or below the root of another process. Below another root nothing leads out of
// it: openat2(2) with RESOLVE_IN_ROOT. Only regular files are ever opened for reading; devices, pipes and sockets are not touched.
// Errors: not_found, permission_denied, limit_exceeded, unsupported (not a regular file), unavailable. Any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace bulkhead::world {

inline constexpr std::size_t file_bytes_max = 16UL << 20U;
inline constexpr std::size_t directory_entries_max = 1UL << 18U;

Result<std::string> read_file(const std::string& path, std::int64_t root_pid);
Result<std::string> read_directory(const std::string& path, std::int64_t root_pid);
Result<std::string> read_link(const std::string& path, std::int64_t root_pid);
Result<std::string> read_stat(const std::string& path, std::int64_t root_pid);
Result<std::string> read_namespaces(std::int64_t pid);
Result<std::string> read_socket_inodes(std::int64_t pid);

}  // namespace bulkhead::world
