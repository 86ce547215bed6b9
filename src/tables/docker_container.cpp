// SPDX-License-Identifier: Apache-2.0
// docker_container: every container, as inspected. Column names of Steampipe's docker plugin and osquery where they have the same.
#include "base/text.h"
#include "tables/docker_rows.h"

namespace bulkhead::tables {

namespace {

struct Row {
    const engine::Container* container = nullptr;
    bool show_values = false;
};
using Columns = std::vector<Column<Row>>;
using engine::Container;

template <class Member>
auto field(Member Container::* member) {
    return [member](const Row& row) { return cell(row.container->*member); };
}

auto part(std::string_view key) {
    return [key](const Row& row) { return part_of(row.container->source, key, row.show_values); };
}

// The engine's zero time, Go's time.Time{}, says "never".
auto time_ms(std::string Container::* member) {
    return [member](const Row& row) -> Cell {
        const std::string& text = row.container->*member;
        return text.starts_with("0001-") ? Cell{} : cell(parse_rfc3339(text));
    };
}

std::string command_of(const Container& container) {
    std::vector<std::string> words{container.path};
    words.insert(words.end(), container.args.begin(), container.args.end());
    return text::join(words, " ");
}

Columns identity_columns() {
    return {
        {"id", Type::text, "full id", field(&Container::id)},
        {"name", Type::text, "name without the leading slash", field(&Container::name)},
        {"container_id", Type::text, "the same as id, for joins", field(&Container::id)},
        {"container_name", Type::text, "the same as name", field(&Container::name)},
        {"names", Type::json, "all names, as the engine lists them", field(&Container::names)},
        {"image", Type::text, "image as it was asked for", field(&Container::image)},
        {"image_id", Type::text, "id of the image it runs", field(&Container::image_id)},
        {"command", Type::text, "path and arguments of its first process", [](const Row& row) { return cell(command_of(*row.container)); }},
        {"path", Type::text, "path of its first process", field(&Container::path)},
        {"args", Type::json, "arguments of its first process", field(&Container::args)},
        {"config_entrypoint", Type::json, "entry point", field(&Container::entrypoint)},
        {"config_cmd", Type::json, "command", field(&Container::cmd)},
        {"labels", Type::json, "labels", field(&Container::labels)},
        {"compose_project", Type::text, "label com.docker.compose.project",
         [](const Row& row) {
             const auto found = row.container->labels.find("com.docker.compose.project");
             return found == row.container->labels.end() ? Cell{} : cell(found->second);
         }},
    };
}

Columns state_columns() {
    return {
        {"created", Type::text, "when it was created", field(&Container::created)},
        {"state", Type::text, "running, paused, restarting, exited, created, removing, dead", field(&Container::status)},
        {"status", Type::text, "the same as state", field(&Container::status)},
        {"running", Type::boolean, "has a live first process (also while paused)", field(&Container::running)},
        {"paused", Type::boolean, "frozen", field(&Container::paused)},
        {"restarting", Type::boolean, "between two starts", field(&Container::restarting)},
        {"pid", Type::integer, "first process, as the engine's pid namespace counts; 0 when not running", field(&Container::pid)},
        {"exit_code", Type::integer, "of the last run", field(&Container::exit_code)},
        {"started_at", Type::text, "last start", field(&Container::started_at)},
        {"started_at_ms", Type::integer, "last start, unix milliseconds; null: never", time_ms(&Container::started_at)},
        {"finished_at", Type::text, "last end", field(&Container::finished_at)},
        {"finished_at_ms", Type::integer, "last end, unix milliseconds; null: never", time_ms(&Container::finished_at)},
        {"health", Type::text, "starting, healthy, unhealthy; null: no health check", [](const Row& row) { return text_or_null(row.container->health); }},
        {"restart_count", Type::integer, "restarts by the engine", field(&Container::restart_count)},
        {"user", Type::text, "configured user; null: the image's default, usually root", [](const Row& row) { return text_or_null(row.container->user); }},
        {"healthcheck_test", Type::json, "health check", field(&Container::healthcheck_test)},
        {"exec_ids", Type::json, "exec instances the engine knows", field(&Container::exec_ids)},
        {"sandbox_key", Type::text, "path of its network namespace", field(&Container::sandbox_key)},
    };
}

Columns confinement_columns() {
    return {
        {"privileged", Type::boolean, "runs with all privileges", field(&Container::privileged)},
        {"readonly_rootfs", Type::boolean, "root file system read-only", field(&Container::readonly_rootfs)},
        {"security_options", Type::json, "security options (SecurityOpt)", field(&Container::security_opt)},
        {"security_opt", Type::json, "the same as security_options", field(&Container::security_opt)},
        {"cap_add", Type::json, "capabilities added", field(&Container::cap_add)},
        {"cap_drop", Type::json, "capabilities dropped", field(&Container::cap_drop)},
        {"apparmor_profile", Type::text, "AppArmor profile", field(&Container::apparmor_profile)},
        {"mount_label", Type::text, "SELinux label of mounts", field(&Container::mount_label)},
        {"process_label", Type::text, "SELinux label of processes", field(&Container::process_label)},
        {"masked_paths", Type::json, "paths hidden in /proc and /sys", field(&Container::masked_paths)},
        {"readonly_paths", Type::json, "paths read-only in /proc", field(&Container::readonly_paths)},
        {"group_add", Type::json, "further groups", field(&Container::group_add)},
        {"devices", Type::json, "devices given", field(&Container::devices)},
        {"sysctls", Type::json, "sysctls set", field(&Container::sysctls)},
        {"network_mode", Type::text, "network, host, none or container:ID", field(&Container::network_mode)},
        {"pid_mode", Type::text, "host or container:ID; empty: its own", field(&Container::pid_mode)},
        {"ipc_mode", Type::text, "private, shareable, host, container:ID, none", field(&Container::ipc_mode)},
        {"uts_mode", Type::text, "host; empty: its own", field(&Container::uts_mode)},
        {"userns_mode", Type::text, "host; empty: the engine's", field(&Container::userns_mode)},
        {"cgroupns_mode", Type::text, "host or private", field(&Container::cgroupns_mode)},
        {"cgroup_parent", Type::text, "parent cgroup", field(&Container::cgroup_parent)},
        {"runtime", Type::text, "OCI runtime", field(&Container::runtime)},
        {"publish_all", Type::boolean, "publishes every exposed port", field(&Container::publish_all)},
    };
}

Columns limit_columns() {
    return {
        {"pids_limit", Type::integer, "most processes; null, 0 or -1: no limit", field(&Container::pids_limit)},
        {"memory", Type::integer, "memory limit in bytes; 0: none", field(&Container::memory)},
        {"memory_reservation", Type::integer, "soft memory limit in bytes", field(&Container::memory_reservation)},
        {"memory_swap", Type::integer, "memory and swap limit in bytes", field(&Container::memory_swap)},
        {"nano_cpus", Type::integer, "CPU limit in 1e-9 CPUs; 0: none", field(&Container::nano_cpus)},
        {"cpu_shares", Type::integer, "relative weight; 0: default", field(&Container::cpu_shares)},
        {"cpu_quota", Type::integer, "microseconds per cpu_period; 0: none", field(&Container::cpu_quota)},
        {"cpu_period", Type::integer, "microseconds", field(&Container::cpu_period)},
        {"cpuset_cpus", Type::text, "CPUs it may use; empty: all", field(&Container::cpuset_cpus)},
        {"restart_policy", Type::text, "no, on-failure, always, unless-stopped", field(&Container::restart_policy)},
        {"restart_max_retries", Type::integer, "for on-failure", field(&Container::restart_max_retries)},
        {"ulimits", Type::json, "resource limits of processes", field(&Container::ulimits)},
        {"log_driver", Type::text, "where its output goes", field(&Container::log_driver)},
    };
}

Columns document_columns() {
    return {
        {"ports", Type::json, "NetworkSettings.Ports",
         [](const Row& row) -> Cell {
             const auto document = json::Document::parse(row.container->source ? row.container->source->bytes : "");
             return document ? cell(document->root()["NetworkSettings"]["Ports"].dump()) : Cell{};
         }},
        {"host_config", Type::json, "HostConfig as inspected", part("HostConfig")},
        {"network_settings", Type::json, "NetworkSettings as inspected", part("NetworkSettings")},
        {"mounts", Type::json, "Mounts as inspected", part("Mounts")},
        {"config", Type::json, "Config as inspected, environment by name only", part("Config")},
        {"inspect", Type::json, "everything as inspected, environment by name only", part("")},
        {"locator", Type::text, std::string(locator_help), [](const Row& row) { return cell(row.container->locator()); }},
    };
}

Columns all_columns() {
    Columns all;
    for (auto group : {identity_columns, state_columns, confinement_columns, limit_columns, document_columns}) {
        for (auto& column : group()) all.push_back(std::move(column));
    }
    return all;
}

}  // namespace

Table docker_container() {
    return make_table<Row>({
        .name = "docker_container",
        .help = "Containers, running or not, as the engine inspects them.",
        .columns = all_columns(),
        .keys = {"id", "name", "container_id", "container_name"},
        .examples = {"select name, image, state from docker_container", "select name from docker_container where privileged"},
        .rows =
            [](Scan& scan) {
                const bool by_alias = scan.wanted("container_id") || scan.wanted("container_name");
                const auto& containers = by_alias ? containers_wanted(scan, "container_id", "container_name") : containers_wanted(scan, "id", "name");
                std::vector<Row> rows;
                for (const Container& container : containers) rows.push_back({&container, scan.facts().show_values});
                return rows;
            },
    });
}

}  // namespace bulkhead::tables
