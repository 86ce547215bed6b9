// SPDX-License-Identifier: Apache-2.0
#include "world/live/cache_folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <vector>

#include "world/live/errno_result.h"

namespace bulkhead::world {

namespace {

constexpr std::string_view magic = "bulkhead cache 1 ";  // then 64 digits and a line end
constexpr std::size_t head_bytes = magic.size() + 64 + 1;

std::string hash_of(std::string_view bytes) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned length = 0;
    std::string out;
    if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &length, EVP_sha256(), nullptr) != 1) return out;
    for (unsigned i = 0; i < length; ++i) out += fmt::format("{:02x}", digest[i]);
    return out;
}

bool is_name(const std::string& name) {
    return !name.empty() && name.front() != '.' && name.size() < 200 &&
           name.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-") == std::string::npos;
}

bool ours_alone(const struct stat& info) { return info.st_uid == geteuid() && (info.st_mode & 0022U) == 0; }

std::optional<std::string> read_all(int fd, std::size_t size) {
    std::string bytes(size, '\0');
    std::size_t have = 0;
    while (have < size) {
        const ssize_t got = ::read(fd, bytes.data() + have, size - have);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return std::nullopt;
        have += static_cast<std::size_t>(got);
    }
    return bytes;
}

bool write_all(int fd, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(fd, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

std::string variable(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? "" : value;
}

struct Held {
    std::string name;
    std::size_t bytes = 0;
    std::int64_t time = 0;
};

std::vector<Held> list(int folder) {
    std::vector<Held> files;
    const int copy = ::openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR* directory = copy < 0 ? nullptr : fdopendir(copy);
    if (directory == nullptr) return files;
    while (const dirent* entry = readdir(directory)) {
        struct stat info{};
        if (fstatat(folder, entry->d_name, &info, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(info.st_mode)) continue;
        files.push_back({entry->d_name, static_cast<std::size_t>(info.st_size), info.st_mtim.tv_sec});
    }
    closedir(directory);
    return files;
}

}  // namespace

std::string default_cache_path() {
    if (const std::string home = variable("XDG_CACHE_HOME"); home.starts_with('/')) return home + "/bulkhead";
    if (geteuid() == 0) return "/var/cache/bulkhead";
    const std::string home = variable("HOME");
    return home.starts_with('/') ? home + "/.cache/bulkhead" : "";
}

Result<std::unique_ptr<CacheFolder>> CacheFolder::open(const std::string& path, std::size_t bytes_max) {
    if (path.empty()) return fail(Code::not_found, "no place for a cache");
    if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) return fail_errno(errno, path);
    Fd folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW));
    if (!folder.valid()) return fail_errno(errno, path);
    struct stat info{};
    if (fstat(folder.get(), &info) != 0) return fail_errno(errno, path);
    if (!ours_alone(info)) return fail(Code::unsupported, path + " belongs to somebody else, or others may write in it");
    return std::unique_ptr<CacheFolder>(new CacheFolder(std::move(folder), bytes_max));
}

std::optional<std::string> CacheFolder::get(const std::string& name) {
    if (!is_name(name)) return std::nullopt;
    const Fd fd(::openat(folder_.get(), name.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    if (!fd.valid()) return std::nullopt;
    struct stat info{};
    const bool plain = fstat(fd.get(), &info) == 0 && S_ISREG(info.st_mode) && ours_alone(info) && info.st_size >= static_cast<off_t>(head_bytes) &&
                       info.st_size <= static_cast<off_t>(cache_entry_bytes_max + head_bytes);
    auto bytes = plain ? read_all(fd.get(), static_cast<std::size_t>(info.st_size)) : std::nullopt;
    const bool sound = bytes && bytes->starts_with(magic) && bytes->substr(magic.size(), 64) == hash_of(std::string_view(*bytes).substr(head_bytes));
    if (!sound) {
        const std::scoped_lock lock(mutex_);
        ++broken_;
        return std::nullopt;
    }
    bytes->erase(0, head_bytes);
    return bytes;
}

void CacheFolder::put(const std::string& name, std::string_view bytes) {
    if (!is_name(name) || bytes.size() > cache_entry_bytes_max) return;
    const std::scoped_lock lock(mutex_);
    make_room(bytes.size() + head_bytes);
    // Under another name until it is whole: a reader sees all of it or nothing.
    const std::string partial = fmt::format("partial-{}-{}", getpid(), ++written_);
    Fd fd(::openat(folder_.get(), partial.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!fd.valid()) return;
    const bool written = write_all(fd.get(), fmt::format("{}{}\n", magic, hash_of(bytes))) && write_all(fd.get(), bytes);
    fd.reset();
    if (!written || ::renameat(folder_.get(), partial.c_str(), folder_.get(), name.c_str()) != 0) {
        ::unlinkat(folder_.get(), partial.c_str(), 0);
        return;
    }
    held_bytes_ = held_bytes_.value_or(0) + bytes.size() + head_bytes;
    ++held_files_;
}

void CacheFolder::make_room(std::size_t bytes) {
    if (held_bytes_ && *held_bytes_ + bytes <= bytes_max_ && held_files_ < cache_files_max) return;
    auto files = list(folder_.get());
    std::ranges::sort(files, {}, &Held::time);
    std::size_t held = 0;
    for (const Held& file : files) held += file.bytes;
    std::size_t count = files.size();
    for (const Held& file : files) {
        if (held + bytes <= bytes_max_ && count < cache_files_max) break;
        if (::unlinkat(folder_.get(), file.name.c_str(), 0) != 0) continue;
        held -= file.bytes;
        --count;
    }
    held_bytes_ = held;
    held_files_ = count;
}

std::int64_t CacheFolder::broken() const {
    const std::scoped_lock lock(mutex_);
    return broken_;
}

}  // namespace bulkhead::world
