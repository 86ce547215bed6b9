// SPDX-License-Identifier: Apache-2.0
// What lies in one layer, found in one pass over its tar: a value that depends on the layer's bytes alone, so that it may be kept by the
// layer's digest. What the layers of an image make together is image_view.h's to say.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "image/account.h"
#include "image/limits.h"
#include "image/package.h"
#include "image/secret.h"
#include "image/tar_reader.h"

namespace bulkhead::image {

// Paths have no leading '/' and are safe to print. A hard link's `link` is the path it is another name of.
struct LayerFile {
    std::string path;
    FileType type = FileType::regular;
    std::uint32_t mode = 0;
    std::int64_t uid = 0, gid = 0, size = 0;
    std::string link;
    bool capabilities = false;

    bool operator==(const LayerFile&) const = default;
    [[nodiscard]] bool set_uid() const { return is_file() && (mode & 04000U) != 0; }
    [[nodiscard]] bool set_gid() const { return is_file() && (mode & 02000U) != 0; }
    // A folder that anybody may write into, and delete from (no sticky bit), or a file that anybody may change.
    [[nodiscard]] bool world_writable() const {
        if ((mode & 0002U) == 0) return false;
        return is_file() || (type == FileType::directory && (mode & 01000U) == 0);
    }
    [[nodiscard]] bool special() const { return set_uid() || set_gid() || world_writable() || capabilities; }
    [[nodiscard]] bool is_file() const { return type == FileType::regular || type == FileType::hard_link; }
};

struct PackageDatabase {
    std::string path;
    std::string manager;  // dpkg, apk, rpm
    std::string problem;  // why its packages are not known; empty: they are
    std::vector<Package> packages;

    bool operator==(const PackageDatabase&) const = default;
};

struct PackageFiles {  // dpkg's list of one package's files
    std::string path;
    std::vector<std::string> code_files;

    bool operator==(const PackageFiles&) const = default;
};

// /etc/passwd, /etc/group or /etc/shadow: one of the three lists is meant, by the path.
struct AccountFile {
    std::string path;
    std::string problem;
    std::vector<Account> accounts;
    std::vector<Group> groups;
    std::vector<ShadowEntry> shadow;

    bool operator==(const AccountFile&) const = default;
};

struct SecretFile {
    std::string path;
    std::vector<Secret> secrets;

    bool operator==(const SecretFile&) const = default;
};

struct LayerProblem {
    std::string path;
    std::string reason;

    bool operator==(const LayerProblem&) const = default;
};

struct LayerContent {
    std::string digest;      // of the plain tar
    std::int64_t bytes = 0;  // of the plain tar
    std::vector<LayerFile> files;
    std::vector<PackageDatabase> databases;
    std::vector<PackageFiles> package_files;
    std::vector<AccountFile> account_files;
    std::vector<SecretFile> secret_files;
    std::int64_t searched_files = 0;    // for secrets
    std::int64_t unsearched_files = 0;  // too large for it
    std::string os_name;                // PRETTY_NAME of os-release
    std::vector<LayerProblem> problems;

    bool operator==(const LayerContent&) const = default;
};

// REQUIRES: a plain tar. The stream is read to its end of archive, not behind it. Its own error; corrupt; limit_exceeded.
Result<LayerContent> scan_layer(world::ByteStream& tar, const Limits& limits);

// The path without "./", "/" and doubled slashes, printable. unsupported: it leads out ("..") or is longer than a path can be.
Result<std::string> plain_path(std::string_view path, const Limits& limits);

}  // namespace bulkhead::image
