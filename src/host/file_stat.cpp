// SPDX-License-Identifier: Apache-2.0
#include "host/file_stat.h"

#include <fmt/format.h>

#include "base/json.h"
#include "base/text.h"

namespace bulkhead::host {

namespace {
constexpr std::int64_t permission_bits = 07777;

// Half of the figures would be a full filesystem or an endless one.
std::optional<FilesystemSpace> parse_space(const json::Value& value) {
    const auto bytes = value["bytes"].integer();
    const auto available = value["available"].integer();
    const auto files = value["files"].integer();
    const auto files_available = value["files_available"].integer();
    if (!bytes || !available || !files || !files_available || *bytes < 0 || *available < 0 || *files < 0 || *files_available < 0) return std::nullopt;
    return FilesystemSpace{*bytes, *available, *files, *files_available};
}
}  // namespace

std::string FileStat::mode_text() const { return fmt::format("{:04o}", mode); }

Result<FileStat> parse_file_stat(std::string_view bytes) {
    const auto document = json::Document::parse(bytes);
    if (!document) return std::unexpected(document.error());
    const json::Value root = document->root();
    const auto mode = root["mode"].text() ? text::to_integer(root["mode"].text_or(), 8) : root["mode"].integer();
    const auto uid = root["uid"].integer();
    const auto gid = root["gid"].integer();
    const auto inode = root["ino"].integer();
    if (!mode || *mode < 0 || !uid || !gid || !inode || root["dev"].is_null()) return fail(Code::corrupt, "not the facts of a file");
    FileStat stat;
    stat.type = root["type"].text_or();
    stat.mode = *mode & permission_bits;
    stat.uid = *uid;
    stat.gid = *gid;
    stat.size = root["size"].integer_or(0);
    stat.device = root["dev"].text() ? root["dev"].text_or() : root["dev"].dump();
    stat.inode = *inode;
    stat.mtime_ms = root["mtime_ms"].integer_or(0);
    stat.path = root["path"].text_or();
    if (root["acl"].is_array()) {
        stat.acl.emplace();
        for (const json::Value& grant : root["acl"].items()) stat.acl->push_back(grant.text_or());
    }
    stat.space = parse_space(root["space"]);
    return stat;
}

std::optional<std::string> name_of_id(std::string_view database, std::int64_t id) {
    for (const std::string_view line : text::lines(database)) {
        const auto fields = text::split(line, ':');
        if (fields.size() >= 3 && text::to_integer(fields[2]) == id) return std::string(fields[0]);
    }
    return std::nullopt;
}

}  // namespace bulkhead::host
