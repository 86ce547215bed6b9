// SPDX-License-Identifier: Apache-2.0
#include "history/folder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "base/text.h"
#include "history/schema.h"

namespace bulkhead::history {

namespace {

constexpr std::array<std::string_view, 3> companions = {"", "-wal", "-shm"};

Error error_of(int reason, const std::string& path) {
    const bool forbidden = reason == EACCES || reason == EPERM || reason == EROFS;
    const bool no_room = reason == ENOSPC || reason == EDQUOT;
    const Code code = reason == ENOENT ? Code::not_found : forbidden ? Code::permission_denied : no_room ? Code::limit_exceeded : Code::unavailable;
    return {code, fmt::format("{}: {}", path, std::strerror(reason))};
}

std::string holder_of(int file) {
    char bytes[24] = {};
    const auto count = ::pread(file, bytes, sizeof bytes - 1, 0);
    const std::string_view pid = text::trim(std::string_view(bytes, count > 0 ? static_cast<std::size_t>(count) : 0));
    return text::to_integer(pid) ? fmt::format(" (process {})", pid) : std::string();
}

}  // namespace

Result<FolderLock> FolderLock::take(const std::string& folder) {
    std::error_code error;
    if (!std::filesystem::is_directory(folder, error)) {
        const auto parent = std::filesystem::path(folder).parent_path();
        if (!parent.empty()) std::filesystem::create_directories(parent, error);
        if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) return std::unexpected(error_of(errno, folder));
    }
    const std::string path = folder + "/" + std::string(lock_name);
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0) return std::unexpected(error_of(errno, path));
    FolderLock lock(file);
    if (::flock(file, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK) return std::unexpected(error_of(errno, path));
        return fail(Code::unavailable, fmt::format("another bulkhead{} writes the history in {}", holder_of(file), folder));
    }
    const std::string pid = std::to_string(::getpid()) + "\n";
    // Only for the message above: a lock without a pid is a lock.
    if (::ftruncate(file, 0) == 0) [[maybe_unused]]
        const auto written = ::pwrite(file, pid.data(), pid.size(), 0);
    return lock;
}

FolderLock::~FolderLock() {
    if (file_ >= 0) ::close(file_);
}

std::uint64_t bytes_of(const std::string& database_path) {
    std::uint64_t sum = 0;
    for (const std::string_view companion : companions) {
        struct stat found{};
        if (::stat((database_path + std::string(companion)).c_str(), &found) == 0) sum += static_cast<std::uint64_t>(found.st_size);
    }
    return sum;
}

Result<std::vector<DayOnDisk>> days_in(const std::string& folder) {
    std::vector<DayOnDisk> days;
    std::error_code error;
    std::filesystem::directory_iterator entries(folder, error);
    if (error) return std::unexpected(error_of(error.value(), folder));
    for (; entries != std::filesystem::directory_iterator(); entries.increment(error)) {
        const std::string path = entries->path().string();
        if (const auto day = day_of_file(entries->path().filename().string())) days.push_back({*day, path, bytes_of(path)});
        if (error) return std::unexpected(error_of(error.value(), folder));
    }
    std::ranges::sort(days, {}, &DayOnDisk::day);
    return days;
}

Result<void> remove_database(const std::string& path) {
    for (const std::string_view companion : companions) {
        const std::string name = path + std::string(companion);
        if (::unlink(name.c_str()) != 0 && errno != ENOENT) return std::unexpected(error_of(errno, name));
    }
    return {};
}

Result<void> rename_database(const std::string& path, const std::string& to) {
    for (const std::string_view companion : companions) {
        const std::string name = path + std::string(companion);
        if (::rename(name.c_str(), (to + std::string(companion)).c_str()) != 0 && errno != ENOENT) return std::unexpected(error_of(errno, name));
    }
    return {};
}

}  // namespace bulkhead::history
