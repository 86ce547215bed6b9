// SPDX-License-Identifier: Apache-2.0
// The folder of a history: who may write there, and which days lie in it. Any thread.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"

namespace bulkhead::history {

// Held as long as it lives; the kernel lets it go when the process ends, however it ends.
class FolderLock {
  public:
    // Makes the folder (0700) where there is none. unavailable: another process holds it; the message names its pid.
    static Result<FolderLock> take(const std::string& folder);
    ~FolderLock();
    FolderLock(FolderLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
    FolderLock& operator=(FolderLock&& other) noexcept {
        std::swap(file_, other.file_);
        return *this;
    }

  private:
    explicit FolderLock(int file) : file_(file) {}
    int file_;
};

struct DayOnDisk {
    std::int64_t day = 0;  // since 1970
    std::string path;
    std::uint64_t bytes = 0;  // with what SQLite keeps beside it
};
// By ascending day. not_found, permission_denied.
Result<std::vector<DayOnDisk>> days_in(const std::string& folder);
std::uint64_t bytes_of(const std::string& database_path);  // 0 where there is none
// With what SQLite keeps beside it.
Result<void> remove_database(const std::string& path);
Result<void> rename_database(const std::string& path, const std::string& to);

}  // namespace bulkhead::history
