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
