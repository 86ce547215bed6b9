// SPDX-License-Identifier: Apache-2.0
#include "cli/output_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace bulkhead::cli {

namespace {

std::unexpected<Error> failed(const std::string& path, int error) {
    const Code code = error == EACCES || error == EPERM ? Code::permission_denied : Code::unavailable;
    return fail(code, fmt::format("cannot write {}: {}", path, std::strerror(error)));
}

mode_t current_umask() {
    const mode_t mask = ::umask(0);
    ::umask(mask);
    return mask;
}

}  // namespace

Result<std::unique_ptr<OutputFile>> OutputFile::create(const std::string& path) {
    std::unique_ptr<OutputFile> file(new OutputFile);
    file->path_ = path;
    struct stat status{};
    const bool exists = ::stat(path.c_str(), &status) == 0;
    if (exists && S_ISDIR(status.st_mode)) return failed(path, EISDIR);
    if (exists && !S_ISREG(status.st_mode)) {
        file->fd_ = ::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY);
        if (file->fd_ < 0) return failed(path, errno);
        return file;
    }
    std::string name = path + ".XXXXXX";
    file->fd_ = ::mkostemp(name.data(), O_CLOEXEC);
    if (file->fd_ < 0) return failed(path, errno);
    file->temporary_path_ = name;
    file->temporary_ = std::make_unique<TemporaryFile>(name);
    ::fchmod(file->fd_, exists ? status.st_mode & 07777 : 0666 & ~current_umask());
    return file;
}

OutputFile::~OutputFile() {
    if (fd_ >= 0) ::close(fd_);
    if (!temporary_path_.empty()) ::unlink(temporary_path_.c_str());
}

Result<void> OutputFile::finish(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(fd_, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return failed(path_, errno);
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    if (temporary_path_.empty()) return {};
    if (::fsync(fd_) != 0) return failed(path_, errno);
    if (std::rename(temporary_path_.c_str(), path_.c_str()) != 0) return failed(path_, errno);
    temporary_path_.clear();
    temporary_.reset();
    return {};
}

}  // namespace bulkhead::cli
