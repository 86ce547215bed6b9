// SPDX-License-Identifier: Apache-2.0
// docker_host_path: where what Docker is made of lies on this host (programs, folders, settings, units, sockets, keys), with owner and mode.
#include "tables/docker_host_paths.h"

namespace bulkhead::tables {

namespace {

struct Row {
    host::DockerPath found;
    std::optional<std::string> owner, group;
    std::optional<std::int64_t> engine_uid;
};

template <class Member>
auto path(Member host::DockerPath::* member) {
    return [member](const Row& row) { return text_or_null(row.found.*member); };
}

template <class Member>
auto stat(Member host::FileStat::* member) {
    return [member](const Row& row) { return row.found.stat ? cell((*row.found.stat).*member) : Cell{}; };
}

Cell acl(const Row& row) { return row.found.stat && row.found.stat->acl ? cell(*row.found.stat->acl) : Cell{}; }
Cell exists(const Row& row) { return row.found.problem.empty() ? cell(row.found.stat.has_value()) : Cell{}; }
Cell mode_text(const Row& row) { return row.found.stat ? cell(row.found.stat->mode_text()) : Cell{}; }
Cell real_path(const Row& row) { return row.found.stat && !row.found.stat->path.empty() ? cell(row.found.stat->path) : text_or_null(row.found.path); }

// A name that cannot be found is left out: the number is what counts.
std::optional<std::string> name_in(Scan& scan, const char* database, std::int64_t id) {
    const auto reading = scan.facts().world.read(world::file_at(database, *scan.facts().host.engine_pid()));
    return reading->present() ? host::name_of_id(reading->bytes, id) : std::nullopt;
}

std::vector<Row> read(Scan& scan) {
    std::vector<Row> rows;
    std::optional<std::int64_t> engine_uid;
    if (const auto& engine = scan.facts().host.engine_pid()) {
        const auto status = scan.facts().world.read(world::file_at("/proc/" + std::to_string(*engine) + "/status"));
        const auto parsed = status->present() ? host::parse_proc_status(status->bytes) : std::unexpected(host::error_of(*status));
        if (parsed) engine_uid = parsed->uid;
    }
    for (host::DockerPath& found : docker_host_paths(scan)) {
        Row row{std::move(found), {}, {}, engine_uid};
        if (row.found.stat) {
            row.owner = name_in(scan, "/etc/passwd", row.found.stat->uid);
            row.group = name_in(scan, "/etc/group", row.found.stat->gid);
        }
        rows.push_back(std::move(row));
    }
    return rows;
}

}  // namespace

Table docker_host_path() {
    return make_table<Row>(
        TableSpec<Row>{.name = "docker_host_path",
                       .help = "where Docker's programs, folders, settings, units, sockets and keys really lie on this host, and who may write there",
                       .columns = {{"thing", Type::text, "dockerd, containerd, runc, data_root, daemon_json, service_unit, docker_sock, tls_key, ...",
                                    path(&host::DockerPath::thing)},
                                   {"path", Type::text, "as it is named; null: nothing names one", path(&host::DockerPath::path)},
                                   {"real_path", Type::text, "without symbolic links", real_path},
                                   {"found_by", Type::text, "what told the path", path(&host::DockerPath::found_by)},
                                   {"is_there", Type::boolean, "null: not known, see problem", exists},
                                   {"reason", Type::text, "why it is not there", path(&host::DockerPath::reason)},
                                   {"problem", Type::text, "why nothing can be told; then nothing may be concluded", path(&host::DockerPath::problem)},
                                   {"type", Type::text, "regular, directory, socket, ...", stat(&host::FileStat::type)},
                                   {"mode", Type::text, "permissions, octal", mode_text},
                                   {"mode_number", Type::integer, "permissions as a number", stat(&host::FileStat::mode)},
                                   {"uid", Type::integer, "owner", stat(&host::FileStat::uid)},
                                   {"gid", Type::integer, "group", stat(&host::FileStat::gid)},
                                   {"owner", Type::text, "its name; null: has none", of(&Row::owner)},
                                   {"group_name", Type::text, "its name; null: has none", of(&Row::group)},
                                   {"acl", Type::json, "what a POSIX ACL grants beyond the mode; null: not known", acl},
                                   {"device", Type::text, "filesystem it is on", stat(&host::FileStat::device)},
                                   {"engine_uid", Type::integer, "user the engine runs as", of(&Row::engine_uid)},
                                   {"found_locator", Type::text, "the reading that told the path", path(&host::DockerPath::found_locator)},
                                   {"locator", Type::text, "the reading of the path itself", path(&host::DockerPath::locator)}},
                       .examples = {"select thing, path, mode, owner, found_by from docker_host_path where is_there"},
                       .rows = read});
}

}  // namespace bulkhead::tables
