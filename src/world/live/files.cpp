// SPDX-License-Identifier: Apache-2.0
#include "world/live/files.h"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>

#include <algorithm>
#include <array>
#include <memory>
#include <vector>

#include "base/json.h"
#include "base/text.h"
#include "world/live/errno_result.h"
#include "world/live/fd.h"
#include "world/live/posix_acl.h"

namespace bulkhead::world {

namespace {

// An O_PATH handle: names the thing without opening it, so that a device or a pipe is not disturbed by being looked at.
Result<Fd> locate(const std::string& path, std::int64_t root_pid, int extra_flags = 0) {
    // System calls read up to the first zero byte: another thing than the one that the locator names.
    if (path.contains('\0')) return fail(Code::invalid_input, "no path has a zero byte: " + text::printable(path));
    if (root_pid == 0) {
        Fd fd(::open(path.c_str(), O_PATH | O_CLOEXEC | extra_flags));
        if (!fd.valid()) return fail_errno(errno, path);
        return fd;
    }
    const std::string root = fmt::format("/proc/{}/root", root_pid);
    const Fd base(::open(root.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!base.valid()) {
        // The process is gone: that says nothing about the file.
        if (errno == ENOENT || errno == ESRCH) return fail(Code::unavailable, fmt::format("process {} is gone", root_pid));
        return fail_errno(errno, root);
    }
    open_how how{};
    how.flags = static_cast<__u64>(O_PATH | O_CLOEXEC | extra_flags);
    how.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS;
    Fd fd(static_cast<int>(syscall(SYS_openat2, base.get(), path.c_str(), &how, sizeof how)));
    if (!fd.valid()) return fail_errno(errno, path);
    return fd;
}

std::string self_path(const Fd& fd) { return fmt::format("/proc/self/fd/{}", fd.get()); }

std::string_view type_name(mode_t mode) {
    if (S_ISREG(mode)) return "regular";
    if (S_ISDIR(mode)) return "directory";
    if (S_ISLNK(mode)) return "symlink";
    if (S_ISSOCK(mode)) return "socket";
    if (S_ISFIFO(mode)) return "fifo";
    if (S_ISBLK(mode)) return "block";
    return "character";
}

Result<std::vector<std::string>> entries(const std::string& path, const std::string& shown) {
    const std::unique_ptr<DIR, int (*)(DIR*)> directory(opendir(path.c_str()), closedir);
    if (!directory) return fail_errno(errno, shown);
    std::vector<std::string> names;
    for (;;) {
        errno = 0;
        const dirent* entry = readdir(directory.get());
        if (entry == nullptr && errno != 0) return fail_errno(errno, shown);
        if (entry == nullptr) break;
        const std::string_view name(entry->d_name);
        if (name == "." || name == "..") continue;
        if (names.size() == directory_entries_max) return fail(Code::limit_exceeded, fmt::format("{}: more than {} entries", shown, directory_entries_max));
        names.emplace_back(name);
    }
    std::ranges::sort(names);
    return names;
}

Error no_link(const std::string& path) { return {Code::not_found, path + " is not a symbolic link"}; }

Result<std::string> link_text(const std::string& path) {
    std::array<char, 4096> buffer{};
    const ssize_t length = ::readlink(path.c_str(), buffer.data(), buffer.size());
    if (length < 0 && errno == EINVAL) return std::unexpected(no_link(path));
    if (length < 0) return fail_errno(errno, path);
    return std::string(buffer.data(), static_cast<std::size_t>(length));
}

// The kernel's own files of a process: no device and no pipe among them, and there are thousands to read, so each call counts. Links
// that lead out of /proc (root, cwd, fd, map_files) are not among them.
bool is_kernel_file(const std::string& path, std::int64_t root_pid) {
    constexpr std::array<std::string_view, 5> ways_out = {"/root", "/cwd", "/fd", "/map_files", "/.."};
    return root_pid == 0 && path.starts_with("/proc/") &&
           std::ranges::none_of(ways_out, [&](std::string_view way) { return path.find(way) != std::string::npos; });
}

Result<Fd> open_to_read(const std::string& path, std::int64_t root_pid) {
    constexpr int flags = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
    if (is_kernel_file(path, root_pid)) {
        Fd fd(::open(path.c_str(), flags));
        if (!fd.valid()) return fail_errno(errno, path);
        return fd;
    }
    const auto place = locate(path, root_pid);
    if (!place) return std::unexpected(place.error());
    struct stat info{};
    if (fstat(place->get(), &info) != 0) return fail_errno(errno, path);
    if (!S_ISREG(info.st_mode)) return fail(Code::unsupported, fmt::format("{}: not a regular file but a {}", path, type_name(info.st_mode)));
    Fd fd(::open(self_path(*place).c_str(), flags));
    if (!fd.valid()) return fail_errno(errno, path);
    return fd;
}

// What is left of the filesystem, in bytes and in files; null where it does not say.
std::string space_json(const Fd& place) {
    struct statvfs info{};
    if (fstatvfs(place.get(), &info) != 0) return "null";
    return fmt::format(R"({{"bytes":{},"available":{},"files":{},"files_available":{}}})", info.f_blocks * info.f_frsize, info.f_bavail * info.f_frsize,
                       info.f_files, info.f_favail);
}

}  // namespace

Result<std::string> read_file(const std::string& path, std::int64_t root_pid) {
    const auto fd = open_to_read(path, root_pid);
    if (!fd) return std::unexpected(fd.error());
    std::string bytes;
    std::array<char, 65536> buffer;  // NOLINT(cppcoreguidelines-pro-type-member-init): filled by read
    for (;;) {
        const ssize_t got = ::read(fd->get(), buffer.data(), buffer.size());
        if (got < 0 && errno == EINTR) continue;
        // A kernel without an active security module has no label to give (proc_pid_attr(5)).
        if (got < 0 && errno == EINVAL && path.find("/attr/") != std::string::npos) return fail(Code::not_found, path + ": no security module is active");
        if (got < 0) return fail_errno(errno, path);
        if (got == 0) return bytes;
        if (bytes.size() + static_cast<std::size_t>(got) > file_bytes_max) {
            return fail(Code::limit_exceeded, fmt::format("{}: larger than {} bytes", path, file_bytes_max));
        }
        bytes.append(buffer.data(), static_cast<std::size_t>(got));
    }
}

Result<std::string> read_directory(const std::string& path, std::int64_t root_pid) {
    const auto place = locate(path, root_pid, O_DIRECTORY);
    if (!place) return std::unexpected(place.error());
    const auto names = entries(self_path(*place), path);
    if (!names) return std::unexpected(names.error());
    return fmt::format("{}{}", fmt::join(*names, "\n"), names->empty() ? "" : "\n");
}

Result<std::string> read_link(const std::string& path, std::int64_t root_pid) {
    const auto place = locate(path, root_pid, O_NOFOLLOW);
    if (!place) return std::unexpected(place.error());
    if (root_pid == 0) return link_text(path);  // also the links of /proc, which are not ordinary ones
    struct stat info{};
    if (fstat(place->get(), &info) != 0) return fail_errno(errno, path);
    if (!S_ISLNK(info.st_mode)) return std::unexpected(no_link(path));
    std::array<char, 4096> buffer{};
    const ssize_t length = ::readlinkat(place->get(), "", buffer.data(), buffer.size());
    if (length < 0) return fail_errno(errno, path);
    return std::string(buffer.data(), static_cast<std::size_t>(length));
}

Result<std::string> read_stat(const std::string& path, std::int64_t root_pid) {
    const auto place = locate(path, root_pid);
    if (!place) return std::unexpected(place.error());
    struct stat info{};
    if (fstat(place->get(), &info) != 0) return fail_errno(errno, path);
    const auto place_path = link_text(self_path(*place));
    const std::string space = S_ISDIR(info.st_mode) ? R"(,"space":)" + space_json(*place) : "";
    return fmt::format(R"({{"type":"{}","mode":"{:04o}","uid":{},"gid":{},"size":{},"dev":"{}:{}","ino":{},"mtime_ms":{},"path":{},"acl":{}{}}})",
                       type_name(info.st_mode), info.st_mode & 07777U, info.st_uid, info.st_gid, info.st_size, major(info.st_dev), minor(info.st_dev),
                       info.st_ino, (info.st_mtim.tv_sec * 1000) + (info.st_mtim.tv_nsec / 1'000'000), place_path ? json::quote(*place_path) : "null",
                       acl_json(self_path(*place)), space);
}

Result<std::string> read_namespaces(std::int64_t pid) {
    constexpr std::array<std::string_view, 8> kinds = {"cgroup", "ipc", "mnt", "net", "pid", "time", "user", "uts"};
    std::string out = "{";
    for (const std::string_view kind : kinds) {
        const auto target = link_text(fmt::format("/proc/{}/ns/{}", pid, kind));
        if (!target && target.error().code == Code::not_found && kind == "time") continue;  // kernels before 5.6
        if (!target) return std::unexpected(target.error());
        out += fmt::format("{}\"{}\":{}", out.size() == 1 ? "" : ",", kind, json::quote(*target));
    }
    return out + "}";
}

Result<std::string> read_socket_inodes(std::int64_t pid) {
    const std::string path = fmt::format("/proc/{}/fd", pid);
    const auto names = entries(path, path);
    if (!names) return std::unexpected(names.error());
    std::string out;
    for (const std::string& name : *names) {
        const auto target = link_text(path + "/" + name);
        if (!target && target.error().code == Code::permission_denied) return std::unexpected(target.error());
        if (!target) continue;  // closed since
        if (target->starts_with("socket:[") && target->ends_with("]")) out += target->substr(8, target->size() - 9) + "\n";
    }
    return out;
}

}  // namespace bulkhead::world
