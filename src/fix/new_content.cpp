// SPDX-License-Identifier: Apache-2.0
#include "fix/new_content.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <array>
#include <vector>

#include "base/text.h"
#include "fix/folder.h"
#include "world/live/errno_result.h"

namespace bulkhead::fix {

namespace {

using world::fail_errno;
using world::Fd;

constexpr std::size_t attribute_bytes_max = 1UL << 16U;
constexpr std::size_t content_bytes_max = 4UL << 20U;

std::unexpected<Error> changed(const Change& change, const std::string& how) {
    return fail(Code::unavailable, fmt::format("{}: {} since the plan was made: make a new one", change.path, how));
}

// What is behind an O_PATH handle, as a handle to read from.
Result<Fd> readable(const Fd& place, const std::string& shown) {
    Fd fd(::open(fmt::format("/proc/self/fd/{}", place.get()).c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!fd.valid()) return fail_errno(errno, shown);
    return fd;
}

Result<std::string> content_of(const Fd& fd, const std::string& shown) {
    std::string bytes;
    std::array<char, 65536> buffer{};
    for (;;) {
        const ssize_t got = ::pread(fd.get(), buffer.data(), buffer.size(), static_cast<off_t>(bytes.size()));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return fail_errno(errno, shown);
        if (got == 0) return bytes;
        bytes.append(buffer.data(), static_cast<std::size_t>(got));
        if (bytes.size() > content_bytes_max) return fail(Code::limit_exceeded, shown + ": too large");
    }
}

}  // namespace

Result<NewContent> NewContent::prepare(const Fd& root, const Change& change, const std::string& stamp) {
    NewContent made;
    made.change_ = &change;
    made.root_ = Fd(::fcntl(root.get(), F_DUPFD_CLOEXEC, 0));
    if (!made.root_.valid()) return fail_errno(errno, "dup");
    made.name_ = name_of(change.path);
    if (!change.exists) {
        const auto there = open_path(root, change.folder, O_DIRECTORY);
        const auto status = there ? status_of(*there, change.folder) : std::unexpected(there.error());
        if (!status) return std::unexpected(status.error());
        if (id_of(*status) != change.id) return changed(change, "the folder was replaced");
    }
    auto folder = open_folder(root, folder_of(change.path), made.made_folder_);
    if (!folder) return std::unexpected(folder.error());
    made.folder_ = std::move(*folder);
    if (auto good = made.check_target(); !good) return std::unexpected(good.error());
    made.waiting_name_ = fmt::format(".{}.bulkhead-{}-{}", made.name_, stamp, ::getpid());
    made.backup_name_ = fmt::format("{}.bulkhead-{}", made.name_, stamp);
    made.file_ = Fd(::openat(made.folder_.get(), made.waiting_name_.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!made.file_.valid()) {
        const int error = errno;
        made.waiting_name_.clear();
        return fail_errno(error, fmt::format("writing beside {}", change.path));
    }
    if (auto written = made.write(change.after); !written) return std::unexpected(written.error());
    return made;
}

NewContent::~NewContent() {
    if (!folder_.valid() || in_place_) return;
    if (!waiting_name_.empty()) ::unlinkat(folder_.get(), waiting_name_.c_str(), 0);
    // Folders that were made for it go too, where they are still empty.
    for (std::string path = made_folder_.empty() ? "" : folder_of(change_->path); path.size() >= made_folder_.size() && !path.empty(); path = folder_of(path)) {
        const auto above = open_path(root_, folder_of(path), O_DIRECTORY);
        if (!above || ::unlinkat(above->get(), name_of(path).c_str(), AT_REMOVEDIR) != 0) break;
        if (path == made_folder_) break;
    }
}

std::string NewContent::waiting_path() const { return fmt::format("/proc/{}/fd/{}/{}", ::getpid(), folder_.get(), waiting_name_); }

// The file is the one of the plan, in every byte.
Result<void> NewContent::check_target() const {
    const auto place = open_path(root_, change_->path);
    if (!place && place.error().code == Code::not_found) return change_->exists ? changed(*change_, "it was removed") : Result<void>();
    if (!place) return std::unexpected(place.error());
    if (!change_->exists) return changed(*change_, "it was made");
    const auto status = status_of(*place, change_->path);
    if (!status) return std::unexpected(status.error());
    if (!S_ISREG(status->st_mode)) return fail(Code::unsupported, change_->path + ": not a regular file");
    if (id_of(*status) != change_->id) return changed(*change_, "the file was replaced");
    if (status->st_nlink > 1)
        return fail(Code::unsupported, fmt::format("{}: the file has {} names (hard links), which a new one would not have", change_->path, status->st_nlink));
    const auto fd = readable(*place, change_->path);
    const auto bytes = fd ? content_of(*fd, change_->path) : std::unexpected(fd.error());
    if (!bytes) return std::unexpected(bytes.error());
    if (*bytes != change_->before) return changed(*change_, "its content has changed");
    return {};
}

Result<void> NewContent::write(const std::string& bytes) {
    std::string_view rest = bytes;
    while (!rest.empty()) {
        const ssize_t written = ::write(file_.get(), rest.data(), rest.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return fail_errno(errno, fmt::format("writing beside {}", change_->path));
        rest.remove_prefix(static_cast<std::size_t>(written));
    }
    if (change_->exists) {
        const auto place = open_path(root_, change_->path);
        if (!place) return std::unexpected(place.error());
        if (auto copied = copy_attributes(*place); !copied) return copied;
    } else if (::fchmod(file_.get(), 0644) != 0) {
        return fail_errno(errno, change_->path);
    }
    if (::fsync(file_.get()) != 0) return fail_errno(errno, change_->path);
    return {};
}

// Owner, mode and extended attributes (ACLs, labels of SELinux) are those of the old file.
Result<void> NewContent::copy_attributes(const Fd& from) {
    const auto status = status_of(from, change_->path);
    if (!status) return std::unexpected(status.error());
    if (::fchown(file_.get(), status->st_uid, status->st_gid) != 0) return fail_errno(errno, "keeping the owner of " + change_->path);
    if (::fchmod(file_.get(), status->st_mode & 07777U) != 0) return fail_errno(errno, "keeping the mode of " + change_->path);
    const std::string path = fmt::format("/proc/self/fd/{}", from.get());
    std::vector<char> names(attribute_bytes_max);
    const ssize_t size = ::listxattr(path.c_str(), names.data(), names.size());
    if (size < 0 && errno == EOPNOTSUPP) return {};
    if (size < 0) return fail_errno(errno, "reading the attributes of " + change_->path);
    for (const std::string_view name : text::split(std::string_view(names.data(), static_cast<std::size_t>(size)), '\0')) {
        if (name.empty()) continue;
        const std::string key(name);
        std::vector<char> value(attribute_bytes_max);
        const ssize_t got = ::getxattr(path.c_str(), key.c_str(), value.data(), value.size());
        if (got < 0 || ::fsetxattr(file_.get(), key.c_str(), value.data(), static_cast<std::size_t>(got), 0) != 0)
            return fail_errno(errno, fmt::format("keeping the attribute {} of {}", text::printable(key), change_->path));
    }
    return {};
}

Result<void> NewContent::put_in_place() {
    // Once more at the last moment: an editor may have been open.
    if (auto good = check_target(); !good) return good;
    if (change_->exists) {
        // The backup is the old file itself, under a second name: nothing of it can be lost by copying.
        if (::linkat(folder_.get(), name_.c_str(), folder_.get(), backup_name_.c_str(), 0) != 0)
            return fail_errno(errno, "keeping a backup of " + change_->path);
        if (::renameat(folder_.get(), waiting_name_.c_str(), folder_.get(), name_.c_str()) != 0) {
            const int error = errno;
            ::unlinkat(folder_.get(), backup_name_.c_str(), 0);
            return fail_errno(error, "replacing " + change_->path);
        }
        backup_ = folder_of(change_->path) + "/" + backup_name_;
    } else if (::linkat(folder_.get(), waiting_name_.c_str(), folder_.get(), name_.c_str(), 0) != 0) {  // unlike rename it replaces nothing
        return fail_errno(errno, "making " + change_->path);
    } else {
        ::unlinkat(folder_.get(), waiting_name_.c_str(), 0);
    }
    waiting_name_.clear();
    in_place_ = true;
    if (const auto readable_folder = readable(folder_, change_->path)) ::fsync(readable_folder->get());
    return {};
}

Result<void> NewContent::take_back() {
    if (!in_place_) return {};
    const int failed =
        change_->exists ? ::renameat(folder_.get(), backup_name_.c_str(), folder_.get(), name_.c_str()) : ::unlinkat(folder_.get(), name_.c_str(), 0);
    if (failed != 0) return fail_errno(errno, "taking back " + change_->path);
    in_place_ = false;
    return {};
}

}  // namespace bulkhead::fix
