// SPDX-License-Identifier: Apache-2.0
#include "world/live/posix_acl.h"

#include <fmt/format.h>
#include <linux/posix_acl.h>
#include <linux/posix_acl_xattr.h>
#include <sys/xattr.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <vector>

namespace bulkhead::world {

namespace {

constexpr std::size_t acl_bytes_max = 65536;  // XATTR_SIZE_MAX

}  // namespace

Result<std::string> parse_acl(std::string_view bytes) {
    posix_acl_xattr_header header{};
    if (bytes.size() < sizeof header) return fail(Code::corrupt, "an ACL cut short");
    std::memcpy(&header, bytes.data(), sizeof header);
    bytes.remove_prefix(sizeof header);
    if (header.a_version != POSIX_ACL_XATTR_VERSION || bytes.size() % sizeof(posix_acl_xattr_entry) != 0) return fail(Code::corrupt, "not an ACL of version 2");
    std::vector<posix_acl_xattr_entry> entries(bytes.size() / sizeof(posix_acl_xattr_entry));
    if (!bytes.empty()) std::memcpy(entries.data(), bytes.data(), bytes.size());
    unsigned mask = ACL_READ | ACL_WRITE | ACL_EXECUTE;
    for (const auto& entry : entries) {
        if (entry.e_tag == ACL_MASK) mask = entry.e_perm;
    }
    std::string json = "[";
    for (const auto& entry : entries) {
        const unsigned granted = entry.e_perm & mask;
        if ((entry.e_tag != ACL_USER && entry.e_tag != ACL_GROUP) || granted == 0) continue;
        json += fmt::format(R"({}"{}:{}:{}{}{}")", json.size() == 1 ? "" : ",", entry.e_tag == ACL_USER ? "user" : "group", entry.e_id,
                            (granted & ACL_READ) != 0 ? 'r' : '-', (granted & ACL_WRITE) != 0 ? 'w' : '-', (granted & ACL_EXECUTE) != 0 ? 'x' : '-');
    }
    return json + "]";
}

std::string acl_json(const std::string& path) {
    std::array<char, 1024> usual;  // NOLINT(cppcoreguidelines-pro-type-member-init): filled by getxattr
    ssize_t size = ::getxattr(path.c_str(), "system.posix_acl_access", usual.data(), usual.size());
    // No attribute, or a filesystem that has none.
    if (size < 0 && (errno == ENODATA || errno == EOPNOTSUPP)) return "[]";
    std::string bytes;
    if (size >= 0) {
        bytes.assign(usual.data(), static_cast<std::size_t>(size));
    } else if (errno == ERANGE) {
        bytes.resize(acl_bytes_max);
        size = ::getxattr(path.c_str(), "system.posix_acl_access", bytes.data(), bytes.size());
        if (size < 0) return "null";
        bytes.resize(static_cast<std::size_t>(size));
    } else {
        return "null";
    }
    return parse_acl(bytes).value_or("null");
}

}  // namespace bulkhead::world
