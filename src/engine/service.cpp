// SPDX-License-Identifier: Apache-2.0
#include "engine/service.h"

namespace bulkhead::engine {

namespace {

void read_mode(const json::Value& mode, Service& service) {
    if (mode["Replicated"].is_object()) {
        service.mode = "replicated";
        service.replicas = mode["Replicated"]["Replicas"].integer();
    } else if (mode["Global"].is_object()) {
        service.mode = "global";
    } else if (mode["ReplicatedJob"].is_object()) {
        service.mode = "replicated-job";
        service.replicas = mode["ReplicatedJob"]["TotalCompletions"].integer();
    } else if (mode["GlobalJob"].is_object()) {
        service.mode = "global-job";
    }
}

std::vector<std::string> texts_under(const json::Value& array, std::string_view key) {
    std::vector<std::string> found;
    for (const json::Value& item : array.items()) {
        if (auto text = item[key].text(); text && !text->empty()) found.push_back(std::move(*text));
    }
    return found;
}

void read_container(const json::Value& spec, Service& service) {
    service.image = spec["Image"].text_or();
    service.user = spec["User"].text_or();
    service.readonly_rootfs = spec["ReadOnly"].boolean_or(false);
    service.mounts = spec["Mounts"].dump();
    service.cap_add = spec["CapabilityAdd"].texts();
    service.cap_drop = spec["CapabilityDrop"].texts();
    for (const std::string& entry : spec["Env"].texts()) service.env_names.push_back(entry.substr(0, entry.find('=')));
    service.secrets = texts_under(spec["Secrets"], "SecretName");
    service.configs = texts_under(spec["Configs"], "ConfigName");
}

// Endpoint is what the manager allocated; EndpointSpec what was asked for, there before the first allocation.
void read_endpoint(const json::Value& item, Service& service) {
    const json::Value asked = item["Spec"]["EndpointSpec"];
    const json::Value given = item["Endpoint"];
    service.endpoint_mode = given["Spec"]["Mode"].text_or(asked["Mode"].text_or("vip"));
    service.virtual_ips = given["VirtualIPs"].dump();
    for (const json::Value& port : given["Ports"].is_array() ? given["Ports"].items() : asked["Ports"].items()) {
        service.ports.push_back({.name = port["Name"].text_or(),
                                 .protocol = port["Protocol"].text_or("tcp"),
                                 .target_port = port["TargetPort"].integer_or(0),
                                 .published_port = port["PublishedPort"].integer_or(0),
                                 .publish_mode = port["PublishMode"].text_or("ingress")});
    }
}

// What is limited, restarted and logged, for each task. Absent fields mean the engine's defaults.
void read_task(const json::Value& task, Service& service) {
    service.constraints = task["Placement"]["Constraints"].dump();
    service.preferences = task["Placement"]["Preferences"].dump();
    const json::Value restart = task["RestartPolicy"];
    service.restart_condition = restart["Condition"].text_or("any");  // what a manager takes for nothing said
    service.restart_max_attempts = restart["MaxAttempts"].integer();
    const json::Value limits = task["Resources"]["Limits"];
    service.memory_limit = limits["MemoryBytes"].integer();
    service.nano_cpus_limit = limits["NanoCPUs"].integer();
    service.pids_limit = limits["Pids"].integer();
    service.healthcheck_test = task["ContainerSpec"]["Healthcheck"]["Test"].dump();
    service.log_driver = task["LogDriver"]["Name"].text_or();
}

void read_updates(const json::Value& item, Service& service) {
    const json::Value update = item["Spec"]["UpdateConfig"];
    service.update_parallelism = update["Parallelism"].integer();
    service.update_delay_ns = update["Delay"].integer();
    service.update_failure_action = update["FailureAction"].text_or();
    service.update_order = update["Order"].text_or();
    service.update_max_failure_ratio = update["MaxFailureRatio"].real().value_or(0);
    service.rollback_configured = item["Spec"]["RollbackConfig"].is_object();
    const json::Value status = item["UpdateStatus"];
    service.update_state = status["State"].text_or();
    service.update_message = status["Message"].text_or();
    service.update_completed_at = status["CompletedAt"].text_or();
}

}  // namespace

Result<Service> service_from(const json::Value& item) {
    auto id = identity(item, "ID");
    if (!id) return std::unexpected(id.error());
    const json::Value spec = item["Spec"];
    const json::Value task = spec["TaskTemplate"];
    Service service;
    service.id = std::move(*id);
    service.name = spec["Name"].text_or();
    service.created_at = item["CreatedAt"].text_or();
    service.updated_at = item["UpdatedAt"].text_or();
    service.labels = text_map(spec["Labels"]);
    read_mode(spec["Mode"], service);
    service.running_tasks = item["ServiceStatus"]["RunningTasks"].integer();
    service.desired_tasks = item["ServiceStatus"]["DesiredTasks"].integer();
    read_endpoint(item, service);
    // Networks moved from the service to its task template with API 1.25.
    service.networks = texts_under(task["Networks"].is_array() ? task["Networks"] : spec["Networks"], "Target");
    read_container(task["ContainerSpec"], service);
    read_task(task, service);
    read_updates(item, service);
    return service;
}

}  // namespace bulkhead::engine
