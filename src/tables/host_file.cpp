// SPDX-License-Identifier: Apache-2.0
// host_file: one path in the engine's own root: owner, group, permissions.
#include "host/file_stat.h"
#include "tables/host_rows.h"

namespace bulkhead::tables {

namespace {

struct Row {
    std::string path;
    std::optional<host::FileStat> stat;
    std::optional<std::string> owner, group;
    std::string locator;
};

template <class Member>
auto stat(Member host::FileStat::* member) {
    return [member](const Row& row) { return row.stat ? cell((*row.stat).*member) : Cell{}; };
}

auto space(std::int64_t host::FilesystemSpace::* member) {
    return [member](const Row& row) { return row.stat && row.stat->space ? cell((*row.stat->space).*member) : Cell{}; };
}

std::optional<std::string> name_in(Scan& scan, const std::string& database, std::int64_t engine, std::int64_t id) {
    const auto reading = scan.facts().world.read(world::file_at(database, engine));
    return reading->present() ? host::name_of_id(reading->bytes, id) : std::nullopt;
}

std::vector<Row> read(Scan& scan) {
    auto& host = scan.facts().host;
    const std::string path = scan.wanted("path").value_or("");
    if (!host.engine_pid()) {
        report(scan, {host.engine_problem()});
        return {};
    }
    if (!path.starts_with('/')) {
        scan.failed("host_file", "path must be absolute");
        return {};
    }
    const std::int64_t engine = *host.engine_pid();
    const auto reading = scan.facts().world.read(world::stat_at(path, engine));
    std::vector<host::Problem> problems;
    Row row{path, host::parsed<host::FileStat>(*reading, host::parse_file_stat, problems, host::Absent::is_nothing), {}, {}, reading->locator};
    report(scan, problems);
    if (!problems.empty()) return {};
    if (row.stat) {
        row.owner = name_in(scan, "/etc/passwd", engine, row.stat->uid);
        row.group = name_in(scan, "/etc/group", engine, row.stat->gid);
    }
    return {std::move(row)};
}

}  // namespace

Table host_file() {
    return make_table<Row>(TableSpec<Row>{
        .name = "host_file",
        .help = "one path in the engine's root; give it as path = '...'",
        .columns = {{"path", Type::text, "absolute path in the engine's root", of(&Row::path)},
                    {"exists", Type::boolean, "is there", [](const Row& row) { return cell(row.stat.has_value()); }},
                    {"type", Type::text, "file, directory, socket, ...", stat(&host::FileStat::type)},
                    {"mode", Type::text, "permissions, octal", [](const Row& row) { return row.stat ? cell(row.stat->mode_text()) : Cell{}; }},
                    {"mode_number", Type::integer, "permissions as a number", stat(&host::FileStat::mode)},
                    {"uid", Type::integer, "owner", stat(&host::FileStat::uid)},
                    {"gid", Type::integer, "group", stat(&host::FileStat::gid)},
                    {"owner", Type::text, "its name; null: has none", of(&Row::owner)},
                    {"group_name", Type::text, "its name; null: has none", of(&Row::group)},
                    {"acl", Type::json, "what a POSIX ACL grants beyond the mode; null: not known",
                     [](const Row& row) { return row.stat && row.stat->acl ? cell(*row.stat->acl) : Cell{}; }},
                    {"real_path", Type::text, "without symbolic links; null: not known",
                     [](const Row& row) { return row.stat ? text_or_null(row.stat->path) : Cell{}; }},
                    {"size", Type::integer, "bytes", stat(&host::FileStat::size)},
                    {"device", Type::text, "filesystem it is on", stat(&host::FileStat::device)},
                    {"filesystem_bytes", Type::integer, "size of that filesystem; null: no folder, or not known", space(&host::FilesystemSpace::bytes)},
                    {"filesystem_available", Type::integer, "bytes of it that others than root may still use", space(&host::FilesystemSpace::available)},
                    {"filesystem_files", Type::integer, "files it can hold; 0: as many as fit", space(&host::FilesystemSpace::files)},
                    {"filesystem_files_available", Type::integer, "files that others than root may still make", space(&host::FilesystemSpace::files_available)},
                    {"inode", Type::integer, "number in that filesystem", stat(&host::FileStat::inode)},
                    {"mtime", Type::text, "last change", [](const Row& row) { return row.stat ? cell(rfc3339(row.stat->mtime_ms)) : Cell{}; }},
                    {"mtime_ms", Type::integer, "last change, unix milliseconds", stat(&host::FileStat::mtime_ms)},
                    {"locator", Type::text, std::string(locator_help), of(&Row::locator)}},
        .required = {"path"},
        .examples = {"select mode, owner, group_name from host_file where path = '/run/docker.sock'"},
        .rows = read});
}

}  // namespace bulkhead::tables
