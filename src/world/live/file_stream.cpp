// SPDX-License-Identifier: Apache-2.0
#include "world/live/file_stream.h"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <algorithm>
#include <vector>

#include "base/text.h"
#include "world/live/errno_result.h"
#include "world/live/fd.h"

namespace bulkhead::world {

namespace {

constexpr std::size_t buffer_bytes = 256 * 1024;

class FileStream : public ByteStream {
  public:
    FileStream(Fd fd, std::string name) : fd_(std::move(fd)), name_(std::move(name)), buffer_(buffer_bytes, '\0') {}
    Result<std::string_view> next() override {
        for (;;) {
            const ssize_t got = ::read(fd_.get(), buffer_.data(), buffer_.size());
            if (got < 0 && errno == EINTR) continue;
            if (got < 0) return fail_errno(errno, text::printable(name_));
            return std::string_view(buffer_.data(), static_cast<std::size_t>(got));
        }
    }

  private:
    Fd fd_;
    std::string name_;
    std::string buffer_;
};

// O_NONBLOCK: a pipe in the place of a file must not hold us.
constexpr int open_flags = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;

Result<Fd> regular(Fd fd, const std::string& shown) {
    struct stat info{};
    if (fstat(fd.get(), &info) != 0) return fail_errno(errno, shown);
    if (!S_ISREG(info.st_mode)) return fail(Code::unsupported, shown + " is not a regular file");
    return fd;
}

// Below the folder, without following any link.
Fd open_below(int folder, const std::string& name, int flags) {
    open_how how{};
    how.flags = static_cast<__u64>(flags);
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS;
    return Fd(static_cast<int>(syscall(SYS_openat2, folder, name.c_str(), &how, sizeof how)));
}

class FolderFiles : public FileSequence {
  public:
    explicit FolderFiles(Fd folder, std::string shown) : folder_(std::move(folder)), shown_(std::move(shown)) {}

    Result<void> list(const std::string& below, int depth) {
        Fd fd = open_below(folder_.get(), below.empty() ? "." : below, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (!fd.valid()) return fail_errno(errno, shown_ + "/" + text::printable(below));
        DIR* directory = fdopendir(fd.get());
        if (directory == nullptr) return fail_errno(errno, shown_);
        fd.release();  // closedir closes it
        const std::unique_ptr<DIR, int (*)(DIR*)> owner(directory, closedir);
        std::vector<std::string> folders;
        for (;;) {
            errno = 0;
            const dirent* entry = readdir(directory);
            if (entry == nullptr && errno != 0) return fail_errno(errno, shown_);
            if (entry == nullptr) break;
            const std::string_view name(entry->d_name);
            if (name == "." || name == "..") continue;
            std::string path = below.empty() ? std::string(name) : below + "/" + std::string(name);
            struct stat info{};
            if (fstatat(dirfd(directory), entry->d_name, &info, AT_SYMLINK_NOFOLLOW) != 0) return fail_errno(errno, shown_);
            if (S_ISDIR(info.st_mode)) {
                folders.push_back(std::move(path));
            } else if (S_ISREG(info.st_mode)) {
                names_.push_back(std::move(path));
            }
            if (names_.size() + folders.size() > folder_files_max) {
                return fail(Code::limit_exceeded, fmt::format("{} has more than folder_files_max = {} files", shown_, folder_files_max));
            }
        }
        for (const std::string& folder : folders) {
            if (depth == folder_depth_max) return fail(Code::limit_exceeded, fmt::format("{} is deeper than folder_depth_max = {}", shown_, folder_depth_max));
            if (auto done = list(folder, depth + 1); !done) return done;
        }
        return {};
    }
    void sort() { std::ranges::sort(names_); }

    Result<std::optional<std::string>> next_file() override {
        if (at_ == names_.size()) return std::nullopt;
        const std::string& name = names_[at_++];
        const std::string shown = shown_ + "/" + text::printable(name);
        Fd fd = open_below(folder_.get(), name, open_flags);
        if (!fd.valid()) return fail_errno(errno, shown);
        auto file = regular(std::move(fd), shown);
        if (!file) return std::unexpected(file.error());
        current_ = std::make_unique<FileStream>(std::move(*file), shown);
        return name;
    }
    ByteStream& bytes() override { return *current_; }

  private:
    Fd folder_;
    std::string shown_;
    std::vector<std::string> names_;
    std::size_t at_ = 0;
    std::unique_ptr<FileStream> current_;
};

}  // namespace

Result<std::unique_ptr<ByteStream>> open_standard_input() {
    Fd fd(fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3));
    if (!fd.valid()) return fail_errno(errno, "standard input");
    return std::make_unique<FileStream>(std::move(fd), "standard input");
}

Result<std::unique_ptr<ByteStream>> open_file_stream(const std::string& path) {
    if (path.contains('\0')) return fail(Code::invalid_input, "no path has a zero byte");
    Fd fd(::open(path.c_str(), open_flags));
    if (!fd.valid()) return fail_errno(errno, path);
    auto file = regular(std::move(fd), path);
    if (!file) return std::unexpected(file.error());
    return std::make_unique<FileStream>(std::move(*file), path);
}

Result<std::unique_ptr<FileSequence>> open_folder_files(const std::string& path) {
    if (path.contains('\0')) return fail(Code::invalid_input, "no path has a zero byte");
    Fd fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!fd.valid()) return fail_errno(errno, path);
    auto files = std::make_unique<FolderFiles>(std::move(fd), path);
    if (auto listed = files->list("", 1); !listed) return std::unexpected(listed.error());
    files->sort();
    return files;
}

Result<bool> is_folder(const std::string& path) {
    struct stat info{};
    if (path.contains('\0') || ::stat(path.c_str(), &info) != 0) return fail_errno(errno, path);
    return S_ISDIR(info.st_mode);
}

}  // namespace bulkhead::world
