// SPDX-License-Identifier: Apache-2.0
#include "datapath/lock_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <filesystem>

#include "base/text.h"
#include "world/live/errno_result.h"

namespace bulkhead::datapath {

namespace {

std::string holder_of(int fd) {
    char text[32];
    const ssize_t got = pread(fd, text, sizeof text, 0);
    const auto pid = got > 0 ? text::to_integer(text::trim(std::string_view(text, static_cast<std::size_t>(got)))) : std::nullopt;
    return pid ? "process " + std::to_string(*pid) : "another process";
}

}  // namespace

Result<LockFile> LockFile::take(const std::string& path) {
    std::error_code ignored;  // opening says what is wrong
    std::filesystem::create_directories(std::filesystem::path(path).parent_path(), ignored);
    world::Fd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!fd.valid()) return world::fail_errno(errno, path);
    if (flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK) return world::fail_errno(errno, "locking " + path);
        return fail(Code::unavailable, holder_of(fd.get()) + " meters this host already (it holds " + path + ")");
    }
    const std::string pid = std::to_string(getpid()) + "\n";
    if (ftruncate(fd.get(), 0) != 0 || pwrite(fd.get(), pid.data(), pid.size(), 0) < 0) return world::fail_errno(errno, path);
    return LockFile(std::move(fd));
}

}  // namespace bulkhead::datapath
