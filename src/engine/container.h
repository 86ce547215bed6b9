// SPDX-License-Identifier: Apache-2.0
// A container as the engine tells it: GET /containers/json?all=1 (summary) and GET /containers/ID/json (everything).
// Source of the fields: Docker Engine API reference, versions 1.41 to 1.47. Values; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/fields.h"
#include "world/reading.h"

namespace bulkhead::engine {

struct ContainerSummary {
    std::string id;
    std::string name;  // without the leading slash; the name that is not a link's
    std::vector<std::string> names;
    std::string image;
    std::string image_id;
    std::string command;
    std::string state;   // running, paused, exited, created, restarting, removing, dead
    std::string status;  // "Up 2 minutes (Paused)"
    std::string network_mode;
    std::int64_t created = 0;  // unix seconds
    TextMap labels;
};

struct Port {
    std::int64_t container_port = 0;
    std::string protocol;  // tcp, udp, sctp
    std::string host_ip;
    std::string host_port;   // a number, "" where the engine is to choose, or a range
    bool published = false;  // bound, or to be bound, on the host; else only exposed
};

struct Mount {
    std::string type;  // bind, volume, tmpfs, npipe, cluster
    std::string name;  // of the volume
    std::string source;
    std::string destination;
    std::string driver;
    std::string mode;  // "ro", "z", or a tmpfs's options
    std::string propagation;
    bool rw = true;
};

struct Endpoint {
    std::string network_name;
    std::string network_id;
    std::string endpoint_id;
    std::string gateway;
    std::string ip_address;
    std::int64_t ip_prefix_len = 0;
    std::string ipv6_gateway;
    std::string ipv6_address;
    std::int64_t ipv6_prefix_len = 0;
    std::string mac_address;
    std::vector<std::string> aliases;
    TextMap driver_opts;
};

struct EnvVariable {
    std::string name;
    std::optional<std::string> value;  // nothing where it was not recorded
};

struct Container {
    std::string id;
    std::string name;
    std::vector<std::string> names;  // as the list gives them; from an inspect alone, the one name
    std::string image;               // as it was asked for
    std::string image_id;
    std::string path;
    std::vector<std::string> args;
    std::string created;

    // State
    std::string status;
    bool running = false;
    bool paused = false;
    bool restarting = false;
    std::int64_t pid = 0;
    std::optional<std::int64_t> exit_code;
    std::string started_at;
    std::string finished_at;
    std::string health;  // starting, healthy, unhealthy; empty: no health check
    std::int64_t restart_count = 0;

    // Config
    std::string user;
    std::vector<std::string> entrypoint;
    std::vector<std::string> cmd;
    std::vector<std::string> shell;
    std::vector<std::string> healthcheck_test;
    TextMap labels;
    std::vector<EnvVariable> env;

    // HostConfig
    bool privileged = false;
    bool readonly_rootfs = false;
    bool publish_all = false;
    std::vector<std::string> security_opt;
    std::vector<std::string> cap_add;
    std::vector<std::string> cap_drop;
    std::optional<std::int64_t> pids_limit;  // nothing, 0 or -1: no limit
    std::int64_t memory = 0;
    std::int64_t memory_reservation = 0;
    std::int64_t memory_swap = 0;
    std::int64_t nano_cpus = 0;
    std::int64_t cpu_shares = 0;
    std::int64_t cpu_quota = 0;
    std::int64_t cpu_period = 0;
    std::string cpuset_cpus;
    std::string network_mode;
    std::string pid_mode;
    std::string ipc_mode;
    std::string uts_mode;
    std::string userns_mode;
    std::string cgroup_parent;
    std::string cgroupns_mode;
    std::string restart_policy;
    std::int64_t restart_max_retries = 0;
    std::string devices;  // JSON
    std::string ulimits;  // JSON
    std::string sysctls;  // JSON
    std::string log_driver;
    std::string runtime;
    std::vector<std::string> masked_paths;
    std::vector<std::string> readonly_paths;
    std::vector<std::string> group_add;

    std::string apparmor_profile;
    std::string mount_label;
    std::string process_label;
    std::string sandbox_key;
    std::vector<std::string> exec_ids;
    std::vector<Port> declared_ports;    // HostConfig.PortBindings, and what is only exposed
    std::vector<Port> configured_ports;  // NetworkSettings.Ports: what the engine bound
    std::vector<Mount> mounts;           // with HostConfig.Tmpfs
    std::vector<Endpoint> endpoints;

    world::ReadingPtr source;  // the inspect's bytes; set by Engine, nothing from parse_container

    [[nodiscard]] std::string locator() const { return source ? source->locator : std::string(); }
    // The health check's command line as the engine writes it into an exec event; empty where there is none.
    [[nodiscard]] std::string healthcheck_command() const;
};

Result<std::vector<ContainerSummary>> parse_container_list(std::string_view bytes);
Result<Container> parse_container(std::string_view bytes);

}  // namespace bulkhead::engine
