// SPDX-License-Identifier: Apache-2.0
#include "fix/folder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <array>

#include "world/live/errno_result.h"

namespace bulkhead::fix {

namespace {

using world::fail_errno;
using world::Fd;

constexpr mode_t new_folder_mode = 0755;

std::string link_of(const std::string& path) {
    std::array<char, 256> buffer{};
    const ssize_t size = ::readlink(path.c_str(), buffer.data(), buffer.size());
    return size < 0 ? std::string() : std::string(buffer.data(), static_cast<std::size_t>(size));
}

// "." for the root itself: openat2 takes no empty path.
std::string relative(const std::string& path) {
    const std::size_t start = path.find_first_not_of('/');
    return start == std::string::npos ? "." : path.substr(start);
}

}  // namespace

Result<Fd> open_root(std::int64_t root_pid) {
    const std::string process = fmt::format("/proc/{}", root_pid);
    if (root_pid != 0) {
        struct stat owner{};
        if (::stat(process.c_str(), &owner) != 0) return fail(Code::unavailable, fmt::format("process {} is gone", root_pid));
        if (owner.st_uid != 0 && owner.st_uid != ::geteuid())
            return fail(Code::unsupported, fmt::format("the engine's process {} is user {}'s: run this as that user", root_pid, owner.st_uid));
        const std::string own = link_of("/proc/self/ns/user");
        if (own.empty() || link_of(process + "/ns/user") != own)
            return fail(Code::unsupported, fmt::format("the engine's process {} lives in another user namespace: run this inside it", root_pid));
    }
    const std::string path = root_pid == 0 ? "/" : process + "/root";
    Fd fd(::open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!fd.valid()) return fail_errno(errno, path);
    return fd;
}

Result<Fd> open_path(const Fd& root, const std::string& path, int extra_flags) {
    if (!path.starts_with('/') || path.contains('\0')) return fail(Code::invalid_input, "not an absolute path");
    open_how how{};
    how.flags = static_cast<__u64>(O_PATH | O_CLOEXEC | extra_flags);
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
    Fd fd(static_cast<int>(syscall(SYS_openat2, root.get(), relative(path).c_str(), &how, sizeof how)));
    if (!fd.valid() && errno == ELOOP) return fail(Code::unsupported, path + ": a symbolic link is on the way");
    if (!fd.valid()) return fail_errno(errno, path);
    return fd;
}

Result<Fd> open_folder(const Fd& root, const std::string& path, std::string& made) {
    auto folder = open_path(root, path, O_DIRECTORY);
    if (folder || folder.error().code != Code::not_found || path == "/") return folder;
    const auto above = open_folder(root, folder_of(path), made);
    if (!above) return std::unexpected(above.error());
    if (::mkdirat(above->get(), name_of(path).c_str(), new_folder_mode) != 0) return fail_errno(errno, path);
    if (made.empty()) made = path;
    return open_path(root, path, O_DIRECTORY);
}

Result<struct stat> status_of(const Fd& fd, const std::string& shown) {
    struct stat status{};
    if (::fstat(fd.get(), &status) != 0) return fail_errno(errno, shown);
    return status;
}

FileId id_of(const struct stat& status) { return {fmt::format("{}:{}", major(status.st_dev), minor(status.st_dev)), static_cast<std::int64_t>(status.st_ino)}; }

std::string folder_of(const std::string& path) {
    const std::size_t slash = path.rfind('/');
    return slash == std::string::npos || slash == 0 ? "/" : path.substr(0, slash);
}

std::string name_of(const std::string& path) { return path.substr(path.rfind('/') + 1); }

}  // namespace bulkhead::fix
