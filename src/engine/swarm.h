// SPDX-License-Identifier: Apache-2.0
// Swarm objects as a manager tells them: GET /swarm, /nodes, /services?status=true, /tasks, /secrets, /configs. Join tokens, unlock
// keys and the data of configs are never kept. Values; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/fields.h"

namespace bulkhead::engine {

struct SwarmCluster {
    std::string id;
    std::string created_at;
    std::string updated_at;
    std::string name;
    bool autolock_managers = false;
    bool root_rotation_in_progress = false;
    std::int64_t node_cert_expiry_ns = 0;
    std::int64_t ca_force_rotate = 0;
    std::int64_t external_cas_count = 0;
    std::int64_t task_history_limit = 0;
    std::int64_t data_path_port = 0;
    std::int64_t subnet_size = 0;
    std::string default_addr_pool;  // JSON
    std::string external_cas;       // JSON
    std::string trust_root;         // PEM: the certificates of the CA
    TextMap labels;
};

struct Node {
    std::string id;
    std::string created_at;
    std::string updated_at;
    std::string hostname;
    std::string role;          // manager, worker
    std::string availability;  // active, pause, drain
    std::string state;         // ready, down, unknown, disconnected
    std::string message;
    std::string addr;
    bool leader = false;
    std::string reachability;  // of a manager
    std::string manager_addr;
    std::string engine_version;
    std::string os;
    std::string architecture;
    std::int64_t nano_cpus = 0;
    std::int64_t memory_bytes = 0;
    TextMap labels;
};

struct ServicePort {
    std::string name;
    std::string protocol;
    std::int64_t target_port = 0;
    std::int64_t published_port = 0;
    std::string publish_mode;  // ingress, host
};

struct Service {
    std::string id;
    std::string name;
    std::string created_at;
    std::string updated_at;
    std::string image;
    std::string mode;  // replicated, global, replicated-job, global-job
    std::optional<std::int64_t> replicas;
    std::optional<std::int64_t> running_tasks;
    std::optional<std::int64_t> desired_tasks;
    std::string endpoint_mode;  // vip, dnsrr
    std::vector<ServicePort> ports;
    std::string virtual_ips;            // JSON
    std::vector<std::string> networks;  // ids
    std::vector<std::string> env_names;
    std::vector<std::string> secrets;  // names
    std::vector<std::string> configs;  // names
    std::vector<std::string> cap_add;
    std::vector<std::string> cap_drop;
    std::string user;
    bool readonly_rootfs = false;
    std::string mounts;                              // JSON
    std::string constraints;                         // JSON
    std::string preferences;                         // JSON: how tasks are to be spread
    std::optional<std::int64_t> update_parallelism;  // tasks replaced at once; 0: all; null: nothing configured
    std::optional<std::int64_t> update_delay_ns;
    std::string update_failure_action;  // pause, continue, rollback; empty: nothing configured
    std::string update_order;           // stop-first, start-first
    double update_max_failure_ratio = 0;
    bool rollback_configured = false;
    std::string update_state;  // of the last update: updating, completed, paused, rollback_completed, ...; empty: none yet
    std::string update_message;
    std::string update_completed_at;
    std::string restart_condition;  // none, on-failure, any
    std::optional<std::int64_t> restart_max_attempts;
    std::optional<std::int64_t> memory_limit;
    std::optional<std::int64_t> nano_cpus_limit;
    std::optional<std::int64_t> pids_limit;
    std::string healthcheck_test;  // JSON
    std::string log_driver;
    TextMap labels;
};

struct Task {
    std::string id;
    std::string created_at;
    std::string updated_at;
    std::string service_id;
    std::string node_id;
    std::int64_t slot = 0;
    std::string state;
    std::string desired_state;
    std::string message;
    std::string error;
    std::string container_id;
    std::int64_t pid = 0;
    std::string image;
    std::string networks;  // JSON: [{"network_id","addresses"}]
    TextMap labels;
};

struct Secret {  // or a config: the same shape, and here without its data
    std::string id;
    std::string name;
    std::string created_at;
    std::string updated_at;
    std::string driver;
    std::string templating;
    TextMap labels;
};

Result<SwarmCluster> parse_swarm(std::string_view bytes);
Result<std::vector<Node>> parse_node_list(std::string_view bytes);
Result<std::vector<Service>> parse_service_list(std::string_view bytes);
Result<std::vector<Task>> parse_task_list(std::string_view bytes);
Result<std::vector<Secret>> parse_secret_list(std::string_view bytes);

}  // namespace bulkhead::engine
