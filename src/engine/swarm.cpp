// SPDX-License-Identifier: Apache-2.0
#include "engine/swarm.h"

#include "engine/service.h"

namespace bulkhead::engine {

namespace {

Result<Node> node_from(const json::Value& item) {
    auto id = identity(item, "ID");
    if (!id) return std::unexpected(id.error());
    const json::Value spec = item["Spec"];
    const json::Value description = item["Description"];
    Node node;
    node.id = std::move(*id);
    node.created_at = item["CreatedAt"].text_or();
    node.updated_at = item["UpdatedAt"].text_or();
    node.hostname = description["Hostname"].text_or();
    node.role = spec["Role"].text_or();
    node.availability = spec["Availability"].text_or();
    node.state = item["Status"]["State"].text_or();
    node.message = item["Status"]["Message"].text_or();
    node.addr = item["Status"]["Addr"].text_or();
    node.leader = item["ManagerStatus"]["Leader"].boolean_or(false);
    node.reachability = item["ManagerStatus"]["Reachability"].text_or();
    node.manager_addr = item["ManagerStatus"]["Addr"].text_or();
    node.engine_version = description["Engine"]["EngineVersion"].text_or();
    node.os = description["Platform"]["OS"].text_or();
    node.architecture = description["Platform"]["Architecture"].text_or();
    node.nano_cpus = description["Resources"]["NanoCPUs"].integer_or(0);
    node.memory_bytes = description["Resources"]["MemoryBytes"].integer_or(0);
    node.labels = text_map(spec["Labels"]);
    return node;
}

std::string task_networks(const json::Value& attachments) {
    std::string out = "[";
    for (const json::Value& attachment : attachments.items()) {
        if (out.size() > 1) out += ',';
        out += "{\"network_id\":" + json::quote(attachment["Network"]["ID"].text_or()) + ",\"addresses\":" + array_text(attachment["Addresses"].texts()) + '}';
    }
    return out + ']';
}

Result<Task> task_from(const json::Value& item) {
    auto id = identity(item, "ID");
    if (!id) return std::unexpected(id.error());
    const json::Value status = item["Status"];
    Task task;
    task.id = std::move(*id);
    task.created_at = item["CreatedAt"].text_or();
    task.updated_at = item["UpdatedAt"].text_or();
    task.service_id = item["ServiceID"].text_or();
    task.node_id = item["NodeID"].text_or();
    task.slot = item["Slot"].integer_or(0);
    task.state = status["State"].text_or();
    task.desired_state = item["DesiredState"].text_or();
    task.message = status["Message"].text_or();
    task.error = status["Err"].text_or();
    task.container_id = status["ContainerStatus"]["ContainerID"].text_or();
    task.pid = status["ContainerStatus"]["PID"].integer_or(0);
    task.image = item["Spec"]["ContainerSpec"]["Image"].text_or();
    task.networks = task_networks(item["NetworksAttachments"]);
    task.labels = text_map(item["Labels"]);
    return task;
}

Result<Secret> secret_from(const json::Value& item) {
    auto id = identity(item, "ID");
    if (!id) return std::unexpected(id.error());
    const json::Value spec = item["Spec"];
    Secret secret;
    secret.id = std::move(*id);
    secret.name = spec["Name"].text_or();
    secret.created_at = item["CreatedAt"].text_or();
    secret.updated_at = item["UpdatedAt"].text_or();
    secret.driver = spec["Driver"]["Name"].text_or();
    secret.templating = spec["Templating"]["Name"].text_or();
    secret.labels = text_map(spec["Labels"]);
    return secret;
}

}  // namespace

Result<SwarmCluster> parse_swarm(std::string_view bytes) {
    const auto document = parse_object(bytes);
    if (!document) return std::unexpected(document.error());
    const json::Value root = document->root();
    auto id = identity(root, "ID");
    if (!id) return std::unexpected(id.error());
    const json::Value spec = root["Spec"];
    SwarmCluster swarm;
    swarm.id = std::move(*id);
    swarm.created_at = root["CreatedAt"].text_or();
    swarm.updated_at = root["UpdatedAt"].text_or();
    swarm.name = spec["Name"].text_or();
    swarm.autolock_managers = spec["EncryptionConfig"]["AutoLockManagers"].boolean_or(false);
    swarm.root_rotation_in_progress = root["RootRotationInProgress"].boolean_or(false);
    swarm.node_cert_expiry_ns = spec["CAConfig"]["NodeCertExpiry"].integer_or(0);
    swarm.ca_force_rotate = spec["CAConfig"]["ForceRotate"].integer_or(0);
    swarm.external_cas_count = static_cast<std::int64_t>(spec["CAConfig"]["ExternalCAs"].items().size());
    swarm.external_cas = spec["CAConfig"]["ExternalCAs"].dump();
    swarm.task_history_limit = spec["Orchestration"]["TaskHistoryRetentionLimit"].integer_or(0);
    swarm.data_path_port = root["DataPathPort"].integer_or(0);
    swarm.subnet_size = root["SubnetSize"].integer_or(0);
    swarm.default_addr_pool = root["DefaultAddrPool"].dump();
    swarm.trust_root = root["TLSInfo"]["TrustRoot"].text_or();
    swarm.labels = text_map(spec["Labels"]);
    return swarm;
}

Result<std::vector<Node>> parse_node_list(std::string_view bytes) { return parse_list<Node>(bytes, node_from); }
Result<std::vector<Service>> parse_service_list(std::string_view bytes) { return parse_list<Service>(bytes, service_from); }
Result<std::vector<Task>> parse_task_list(std::string_view bytes) { return parse_list<Task>(bytes, task_from); }
Result<std::vector<Secret>> parse_secret_list(std::string_view bytes) { return parse_list<Secret>(bytes, secret_from); }

}  // namespace bulkhead::engine
