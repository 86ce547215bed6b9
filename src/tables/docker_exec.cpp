// SPDX-License-Identifier: Apache-2.0
// docker_exec: commands run inside containers by `docker exec` or as health checks, from two sources: the events the engine still
// remembers, and the exec instances that containers list. One row per exec.
#include <fmt/format.h>

#include <map>
#include <optional>

#include "base/text.h"
#include "tables/docker_rows.h"
#include "world/redact.h"

namespace bulkhead::tables {

using engine::Container;

namespace {

struct ExecRow {
    std::string container_id;
    std::string container_name;
    std::string exec_id;
    std::optional<std::string> command;
    std::optional<bool> is_healthcheck;  // nothing: the container is gone, or the command is not known
    std::optional<std::string> user;
    std::optional<bool> running;
    std::optional<bool> privileged;
    std::optional<UnixMs> started_at;
    std::string source;  // event, inspect, or both: "event,inspect"
    std::string locator;
};
using Rows = std::map<std::string, ExecRow>;  // by exec id

// "exec_create: COMMAND", "exec_start: COMMAND".
std::optional<std::string> command_in(std::string_view action) {
    for (const std::string_view prefix : {"exec_create:", "exec_start:"}) {
        if (action.starts_with(prefix)) return std::string(text::trim(action.substr(prefix.size())));
    }
    return std::nullopt;
}

void add_events(const engine::Listing<engine::Event>& events, const std::optional<std::string>& wanted, Rows& rows) {
    for (const engine::Event& event : events.items) {
        if (event.type != "container" || !event.action.starts_with("exec_") || (wanted && event.actor_id != *wanted)) continue;
        std::string id = event.attribute("execID");
        if (id.empty()) id = fmt::format("{}@{}", event.actor_id, event.time_nano);  // old engines do not tell it
        ExecRow& row = rows[id];
        row.exec_id = id;
        row.container_id = event.actor_id;
        row.container_name = event.attribute("name");
        if (auto command = command_in(event.action)) row.command = std::move(command);
        if (event.action.starts_with("exec_start")) row.started_at = event.time_ms();
        if (event.action.starts_with("exec_die")) row.running = false;
        row.source = "event";
        row.locator = events.locator;
    }
}

void add_inspected(Scan& scan, const Container& container, Rows& rows) {
    for (const std::string& id : container.exec_ids) {
        ExecRow& row = rows[id];
        row.exec_id = id;
        row.container_id = container.id;
        row.container_name = container.name;
        row.source += row.source.empty() ? "inspect" : ",inspect";
        if (row.locator.empty()) row.locator = container.locator();
    }
    for (const engine::Exec& exec : items_of(scan, scan.facts().engine.execs(container))) {
        ExecRow& row = rows[exec.id];
        if (row.exec_id.empty()) continue;  // an answer about an exec nobody asked for
        row.command = exec.command;
        row.user = exec.user;
        row.running = exec.running;
        row.privileged = exec.privileged;
        if (exec.source) row.locator = exec.source->locator;
    }
}

std::vector<ExecRow> exec_rows(Scan& scan) {
    const auto wanted = scan.wanted("container_id");
    const auto& containers = containers_wanted(scan, "container_id");
    const auto& events = scan.facts().engine.events();  // after the containers: what they list began before
    items_of(scan, events);
    Rows rows;
    add_events(events, wanted, rows);
    std::map<std::string, const Container*> by_id;
    for (const Container& container : containers) {
        by_id.emplace(container.id, &container);
        add_inspected(scan, container, rows);
    }
    std::vector<ExecRow> list;
    for (auto& [id, row] : rows) {
        if (row.exec_id.empty()) continue;
        const auto found = by_id.find(row.container_id);
        if (row.command && found != by_id.end()) {
            const std::string test = found->second->healthcheck_command();
            row.is_healthcheck = !test.empty() && text::trim(test) == text::trim(*row.command);
        }
        if (row.command && !scan.facts().show_values) row.command = world::redact_text(*row.command);
        list.push_back(std::move(row));
    }
    return list;
}

}  // namespace

Table docker_exec() {
    return make_table<ExecRow>({
        .name = "docker_exec",
        .help = "Commands started inside running containers: exec events the engine still remembers, and exec instances it lists.",
        .columns =
            {
                {"container_id", Type::text, "container", of(&ExecRow::container_id)},
                {"container_name", Type::text, "its name", of(&ExecRow::container_name)},
                {"exec_id", Type::text, "exec instance", of(&ExecRow::exec_id)},
                {"command", Type::text, "command line; null: not known any more", of(&ExecRow::command)},
                {"is_healthcheck", Type::boolean, "it is the container's health check; null: the container is gone or the command not known",
                 of(&ExecRow::is_healthcheck)},
                {"user", Type::text, "asked for; empty: the container's; null: not known", of(&ExecRow::user)},
                {"privileged", Type::boolean, "asked for all privileges; null: not known", of(&ExecRow::privileged)},
                {"running", Type::boolean, "still running; null: not known", of(&ExecRow::running)},
                {"started_at", Type::text, "RFC 3339; null: not known",
                 [](const ExecRow& row) { return row.started_at ? cell(rfc3339(*row.started_at)) : Cell{}; }},
                {"time", Type::integer, "started, unix milliseconds; null: not known", of(&ExecRow::started_at)},
                {"source", Type::text, "event, inspect or both", of(&ExecRow::source)},
                {"locator", Type::text, std::string(locator_help), of(&ExecRow::locator)},
            },
        .keys = {"container_id"},
        .examples = {"select container_name, command, started_at from docker_exec where is_healthcheck is not 1"},
        .rows = exec_rows,
    });
}

}  // namespace bulkhead::tables
