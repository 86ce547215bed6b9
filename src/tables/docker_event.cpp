// SPDX-License-Identifier: Apache-2.0
// docker_event: the engine's buffer of past events; it holds 256, older ones are gone.
#include "tables/docker_rows.h"

namespace bulkhead::tables {

using engine::Event;

namespace {

struct EventRow {
    const Event* item = nullptr;
    std::string locator;
};

template <class Member>
auto field(Member Event::* member) {
    return [member](const EventRow& row) { return cell(row.item->*member); };
}

}  // namespace

Table docker_event() {
    return make_table<EventRow>({
        .name = "docker_event",
        .help = "Past events the engine still remembers (the last 256).",
        .columns =
            {
                {"type", Type::text, "container, network, image, volume, daemon, node, service, secret, config", field(&Event::type)},
                {"action", Type::text, "start, die, connect, exec_create: COMMAND, ...", field(&Event::action)},
                {"actor_id", Type::text, "what it happened to", field(&Event::actor_id)},
                {"container_id", Type::text, "for events of containers, and of networks with a container",
                 [](const EventRow& row) { return row.item->type == "container" ? cell(row.item->actor_id) : text_or_null(row.item->attribute("container")); }},
                {"container_name", Type::text, "for events of containers",
                 [](const EventRow& row) { return row.item->type == "container" ? cell(row.item->attribute("name")) : Cell{}; }},
                {"attributes", Type::json, "what the engine adds: name, image, labels, exitCode, ...", field(&Event::attributes)},
                {"scope", Type::text, "local or swarm", field(&Event::scope)},
                {"time", Type::integer, "unix seconds", field(&Event::time)},
                {"time_nano", Type::integer, "unix nanoseconds", field(&Event::time_nano)},
                {"time_ms", Type::integer, "unix milliseconds", [](const EventRow& row) { return cell(row.item->time_ms()); }},
                {"time_text", Type::text, "RFC 3339", [](const EventRow& row) { return cell(rfc3339(row.item->time_ms())); }},
                {"locator", Type::text, std::string(locator_help), [](const EventRow& row) { return cell(row.locator); }},
            },
        .examples = {"select time_text, type, action from docker_event order by time_nano desc limit 20"},
        .rows =
            [](Scan& scan) {
                const auto& listing = scan.facts().engine.events();
                std::vector<EventRow> rows;
                for (const Event& item : items_of(scan, listing)) rows.push_back({&item, listing.locator});
                return rows;
            },
    });
}

}  // namespace bulkhead::tables
