// SPDX-License-Identifier: Apache-2.0
// docker_service: services of the swarm, as a manager tells them.
#include <fmt/format.h>

#include "tables/docker_rows.h"

namespace bulkhead::tables {

using engine::Service;

namespace {

struct ServiceRow {
    const Service* item = nullptr;
    std::string locator;
};

template <class Member>
auto field(Member Service::* member) {
    return [member](const ServiceRow& row) { return cell(row.item->*member); };
}

Cell stack_of(const Service& service) {
    const auto found = service.labels.find("com.docker.stack.namespace");
    return found == service.labels.end() ? Cell{} : cell(found->second);
}

std::string ports_text(const Service& service) {
    std::string out = "[";
    for (const engine::ServicePort& port : service.ports) {
        if (out.size() > 1) out += ',';
        out += fmt::format(R"({{"name":{},"protocol":{},"target_port":{},"published_port":{},"publish_mode":{}}})", json::quote(port.name),
                           json::quote(port.protocol), port.target_port, port.published_port, json::quote(port.publish_mode));
    }
    return out + ']';
}

}  // namespace

Table docker_service() {
    return make_table<ServiceRow>({
        .name = "docker_service",
        .help = "Services of the swarm.",
        .columns =
            {
                {"id", Type::text, "service", field(&Service::id)},
                {"name", Type::text, "name", field(&Service::name)},
                {"stack", Type::text, "stack it was deployed with", [](const ServiceRow& row) { return stack_of(*row.item); }},
                {"image", Type::text, "image", field(&Service::image)},
                {"mode", Type::text, "replicated, global, replicated-job, global-job", field(&Service::mode)},
                {"replicas", Type::integer, "asked for; null: not replicated", field(&Service::replicas)},
                {"running_tasks", Type::integer, "running now", field(&Service::running_tasks)},
                {"desired_tasks", Type::integer, "wanted now", field(&Service::desired_tasks)},
                {"endpoint_mode", Type::text, "vip or dnsrr", field(&Service::endpoint_mode)},
                {"virtual_ips", Type::json, "one per network", field(&Service::virtual_ips)},
                {"ports", Type::json, "published ports: protocol, target, published, publish_mode (ingress or host)",
                 [](const ServiceRow& row) { return cell(ports_text(*row.item)); }},
                {"published_ports_count", Type::integer, "published ports", [](const ServiceRow& row) { return cell(row.item->ports.size()); }},
                {"networks", Type::json, "ids of its networks", field(&Service::networks)},
                {"env_names", Type::json, "names of environment variables", field(&Service::env_names)},
                {"secrets", Type::json, "names of secrets", field(&Service::secrets)},
                {"configs", Type::json, "names of configs", field(&Service::configs)},
                {"user", Type::text, "configured user", field(&Service::user)},
                {"readonly_rootfs", Type::boolean, "root file system read-only", field(&Service::readonly_rootfs)},
                {"cap_add", Type::json, "capabilities added", field(&Service::cap_add)},
                {"cap_drop", Type::json, "capabilities dropped", field(&Service::cap_drop)},
                {"restart_condition", Type::text, "when a task is started again: none, on-failure, any", field(&Service::restart_condition)},
                {"restart_max_attempts", Type::integer, "how often; null or 0: without end", field(&Service::restart_max_attempts)},
                {"mounts", Type::json, "mounts", field(&Service::mounts)},
                {"constraints", Type::json, "placement", field(&Service::constraints)},
                {"preferences", Type::json, "how its tasks are to be spread", field(&Service::preferences)},
                {"update_parallelism", Type::integer, "tasks replaced at once; 0: all of them; null: nothing configured, which is 1",
                 field(&Service::update_parallelism)},
                {"update_delay_ns", Type::integer, "between two steps of an update, nanoseconds", field(&Service::update_delay_ns)},
                {"update_failure_action", Type::text, "pause, continue, rollback; empty: nothing configured, which is pause",
                 field(&Service::update_failure_action)},
                {"update_order", Type::text, "stop-first or start-first", field(&Service::update_order)},
                {"update_max_failure_ratio", Type::real, "part of the tasks that may fail before the action is taken",
                 field(&Service::update_max_failure_ratio)},
                {"rollback_configured", Type::boolean, "how a rollback goes is configured", field(&Service::rollback_configured)},
                {"update_state", Type::text, "of the last update: completed, paused, rollback_completed, ...; empty: there was none",
                 field(&Service::update_state)},
                {"update_message", Type::text, "what the last update says", field(&Service::update_message)},
                {"update_completed_at", Type::text, "end of the last update", field(&Service::update_completed_at)},
                {"memory_limit", Type::integer, "bytes for each task; null or 0: no limit", field(&Service::memory_limit)},
                {"nano_cpus_limit", Type::integer, "CPU for each task in 1e-9 CPUs; null or 0: no limit", field(&Service::nano_cpus_limit)},
                {"pids_limit", Type::integer, "processes for each task; null or 0: no limit", field(&Service::pids_limit)},
                {"healthcheck_test", Type::json, "health check", field(&Service::healthcheck_test)},
                {"log_driver", Type::text, "where its output goes; empty: the engine's default", field(&Service::log_driver)},
                {"created_at", Type::text, "when it was created", field(&Service::created_at)},
                {"updated_at", Type::text, "last change", field(&Service::updated_at)},
                {"labels", Type::json, "labels", field(&Service::labels)},
                {"locator", Type::text, std::string(locator_help), [](const ServiceRow& row) { return cell(row.locator); }},
            },
        .examples = {"select name, stack, endpoint_mode, ports from docker_service"},
        .rows =
            [](Scan& scan) {
                const auto& listing = scan.facts().engine.services();
                std::vector<ServiceRow> rows;
                for (const Service& item : items_of(scan, listing)) rows.push_back({&item, listing.locator});
                return rows;
            },
    });
}

}  // namespace bulkhead::tables
