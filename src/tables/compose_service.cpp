// SPDX-License-Identifier: Apache-2.0
// compose_service: the services of the Compose files given by --compose, as their files together say it.
#include <fmt/format.h>

#include "build/compose_canonical.h"
#include "tables/compose_rows.h"
#include "world/redact.h"

namespace bulkhead::tables {

namespace {

using build::Tree;

Cell size_cell(const Tree* tree) { return tree == nullptr ? Cell{} : cell(build::bytes_of(*tree)); }

// The old key, or what deploy says; Compose takes either.
const Tree* limit_of(const ComposeRow& row, std::string_view own, std::string_view deployed) {
    const Tree* found = row.tree->find(own);
    return found != nullptr ? found : value_at(row.tree, {"deploy", "resources", "limits", deployed});
}

std::string positions_of(const ComposeRow& row) {
    std::string out = "{";
    for (const build::Key& key : row.tree->keys) {
        out += fmt::format("{}{}:{{\"locator\":{},\"file\":{},\"line\":{},\"column\":{}}}", out.size() == 1 ? "" : ",", json::quote(key.name),
                           json::quote(row.project->locator(key.place)), json::quote(row.project->file(key.place)), key.place.at.line, key.place.at.column);
    }
    return out + "}";
}

std::string unresolved_of(const ComposeRow& row) {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < row.tree->keys.size(); ++i) {
        if (is_unresolved(row.tree->items[i])) names.push_back(row.tree->keys[i].name);
    }
    return engine::array_text(names);
}

// Variables and build arguments that hold what sounds like a secret, with their places. A value from elsewhere (${X}, a file's path) holds none.
std::string secrets_of(const ComposeRow& row) {
    std::string out = "[";
    for (const Tree* map : {row.tree->find("environment"), value_at(row.tree, {"build", "args"})}) {
        for (std::size_t i = 0; map != nullptr && i < map->keys.size(); ++i) {
            const Tree& value = map->items[i];
            const std::string& name = map->keys[i].name;
            if (!value.is_scalar() || !value.known || value.text.empty() || value.text.starts_with('/') || !world::looks_secret(name)) continue;
            out += (out.size() == 1 ? "" : ",") + std::string("{\"name\":") + json::quote(name) +
                   ",\"locator\":" + json::quote(row.project->locator(map->keys[i].place)) + "}";
        }
    }
    return out + "]";
}

Cell healthcheck_of(const ComposeRow& row) {
    const Tree* check = row.tree->find("healthcheck");
    if (check == nullptr || !check->is_map()) return {};
    const Tree* off = check->find("disable");
    if (off != nullptr && build::boolean_of(*off) == true) return cell("none");
    const Tree* test = check->find("test");
    if (test == nullptr) return {};
    const Tree* first = test->is_list() && !test->items.empty() ? &test->items[0] : test;
    return cell(first->text == "NONE" ? "none" : "cmd");
}

Cell image_part(const ComposeRow& row, std::string build::ImageName::* part) {
    const Tree* image = row.tree->find("image");
    return image == nullptr || !image->is_scalar() || !image->known ? Cell{} : text_or_null(build::split_image(image->text).*part);
}

std::vector<Column<ComposeRow>> security_columns() {
    return {
        {"user", Type::text, "user that it runs as; null: the image's", text_at("user")},
        {"privileged", Type::boolean, "all rights of the host", boolean_at("privileged")},
        {"read_only", Type::boolean, "root file system is read-only", boolean_at("read_only")},
        {"cap_add", Type::json, "capabilities added", json_at("cap_add")},
        {"cap_drop", Type::json, "capabilities dropped", json_at("cap_drop")},
        {"security_opt", Type::json, "security options", json_at("security_opt")},
        {"network_mode", Type::text, "host, none, service:x, ...", text_at("network_mode")},
        {"pid", Type::text, "PID namespace", text_at("pid")},
        {"ipc", Type::text, "IPC namespace", text_at("ipc")},
        {"uts", Type::text, "UTS namespace", text_at("uts")},
        {"userns_mode", Type::text, "user namespace", text_at("userns_mode")},
        {"cgroup", Type::text, "control group namespace", text_at("cgroup")},
        {"cgroup_parent", Type::text, "control group to be below", text_at("cgroup_parent")},
        {"devices", Type::json, "devices of the host", json_at("devices")},
        {"ulimits", Type::json, "limits of processes", json_at("ulimits")},
        {"sysctls", Type::json, "kernel settings", json_at("sysctls")},
        {"memory_bytes", Type::integer, "limit; null: none, or not known",
         [](const ComposeRow& row) { return size_cell(limit_of(row, "mem_limit", "memory")); }},
        {"pids_limit", Type::text, "limit of processes", [](const ComposeRow& row) { return text_cell(limit_of(row, "pids_limit", "pids")); }},
        {"cpus", Type::text, "limit of CPU time", [](const ComposeRow& row) { return text_cell(limit_of(row, "cpus", "cpus")); }},
        {"cpu_shares", Type::text, "weight among others", text_at("cpu_shares")},
        {"cpuset", Type::text, "CPUs that it may use", text_at("cpuset")},
        {"restart", Type::text, "no, always, on-failure[:N], unless-stopped", text_at("restart")},
        {"restart_policy", Type::json, "of deploy", [](const ComposeRow& row) { return json_cell(value_at(row.tree, {"deploy", "restart_policy"})); }},
    };
}

std::vector<Column<ComposeRow>> columns() {
    std::vector<Column<ComposeRow>> all = {
        {"service", Type::text, "name", [](const ComposeRow& row) { return cell(row.key->name); }},
        {"active", Type::boolean, "started: it has no profile, or one that is given", [](const ComposeRow& row) { return cell(row.active); }},
        {"profiles", Type::json, "profiles it belongs to", json_at("profiles")},
        {"image", Type::text, "image; null: none, or not known", text_at("image")},
        {"image_name", Type::text, "image without tag and digest", [](const ComposeRow& row) { return image_part(row, &build::ImageName::name); }},
        {"image_tag", Type::text, "its tag", [](const ComposeRow& row) { return image_part(row, &build::ImageName::tag); }},
        {"image_digest", Type::text, "its digest", [](const ComposeRow& row) { return image_part(row, &build::ImageName::digest); }},
        {"build", Type::json, "how the image is built", json_at("build")},
        {"container_name", Type::text, "fixed name", text_at("container_name")},
        {"command", Type::json, "command", json_at("command")},
        {"entrypoint", Type::json, "entry point", json_at("entrypoint")},
        {"environment", Type::json, "variables; values that look secret are taken out", json_at("environment")},
        {"env_file", Type::json, "files with more variables", json_at("env_file")},
        {"secret_environment", Type::json, "variables that hold what sounds like a secret: name, locator",
         [](const ComposeRow& row) { return cell(secrets_of(row)); }},
        {"labels", Type::json, "labels", json_at("labels")},
        {"networks", Type::json, "names of its networks", [](const ComposeRow& row) { return cell(names_of(row.tree->find("networks"))); }},
        {"depends_on", Type::json, "services it waits for", json_at("depends_on")},
        {"secrets", Type::json, "secrets it is given", json_at("secrets")},
        {"configs", Type::json, "configs it is given", json_at("configs")},
        {"healthcheck", Type::text, "cmd, none; null: the image's, if any", healthcheck_of},
        {"logging", Type::json, "driver and options", json_at("logging")},
        {"deploy", Type::json, "Swarm and limits", json_at("deploy")},
        {"runtime", Type::text, "OCI runtime", text_at("runtime")},
    };
    auto security = security_columns();
    all.insert(all.end(), std::make_move_iterator(security.begin()), std::make_move_iterator(security.end()));
    all.push_back({"unresolved", Type::json, "keys whose value rests on a variable that is not known here",
                   [](const ComposeRow& row) { return cell(unresolved_of(row)); }});
    all.push_back({"positions", Type::json, "of each of its keys: locator, file, line, column", [](const ComposeRow& row) { return cell(positions_of(row)); }});
    return with_place(std::move(all));
}

}  // namespace

Table compose_service() {
    return make_table<ComposeRow>({
        .name = "compose_service",
        .help = "Services of the Compose files that --compose names: merged, extended, included, with variables replaced.",
        .columns = columns(),
        .examples = {"select service, line, privileged, network_mode from compose_service where active"},
        .rows = [](Scan& scan) { return section_rows(scan, "services"); },
    });
}

}  // namespace bulkhead::tables
