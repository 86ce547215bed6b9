// SPDX-License-Identifier: Apache-2.0
#include "engine/info.h"

#include "base/text.h"

namespace bulkhead::engine {

namespace {

SwarmState swarm_from(const json::Value& swarm) {
    return {.node_id = swarm["NodeID"].text_or(),
            .node_addr = swarm["NodeAddr"].text_or(),
            .local_node_state = swarm["LocalNodeState"].text_or(),
            .control_available = swarm["ControlAvailable"].boolean_or(false),
            .managers = swarm["Managers"].integer_or(0),
            .nodes = swarm["Nodes"].integer_or(0),
            .error = swarm["Error"].text_or()};
}

}  // namespace

Result<Info> parse_info(std::string_view bytes) {
    auto document = parse_object(bytes);
    if (!document) return std::unexpected(document.error());
    const json::Value root = document->root();
    Info info;
    info.id = root["ID"].text_or();
    info.name = root["Name"].text_or();
    info.server_version = root["ServerVersion"].text_or();
    if (info.server_version.empty()) return fail(Code::corrupt, "an answer to /info without ServerVersion");
    info.operating_system = root["OperatingSystem"].text_or();
    info.os_type = root["OSType"].text_or();
    info.architecture = root["Architecture"].text_or();
    info.kernel_version = root["KernelVersion"].text_or();
    info.docker_root_dir = root["DockerRootDir"].text_or();
    info.driver = root["Driver"].text_or();
    info.logging_driver = root["LoggingDriver"].text_or();
    info.cgroup_driver = root["CgroupDriver"].text_or();
    info.cgroup_version = root["CgroupVersion"].text_or();
    info.default_runtime = root["DefaultRuntime"].text_or();
    info.security_options = root["SecurityOptions"].texts();
    info.warnings = root["Warnings"].texts();
    info.live_restore_enabled = root["LiveRestoreEnabled"].boolean_or(false);
    info.swarm = swarm_from(root["Swarm"]);
    info.document = std::make_shared<const json::Document>(std::move(*document));
    return info;
}

Result<Version> parse_version(std::string_view bytes) {
    const auto document = parse_object(bytes);
    if (!document) return std::unexpected(document.error());
    const json::Value root = document->root();
    Version version;
    version.version = root["Version"].text_or();
    if (version.version.empty()) return fail(Code::corrupt, "an answer to /version without Version");
    version.api_version = root["ApiVersion"].text_or();
    version.min_api_version = root["MinAPIVersion"].text_or();
    version.git_commit = root["GitCommit"].text_or();
    version.go_version = root["GoVersion"].text_or();
    version.os = root["Os"].text_or();
    version.arch = root["Arch"].text_or();
    version.kernel_version = root["KernelVersion"].text_or();
    version.build_time = root["BuildTime"].text_or();
    version.components = root["Components"].dump();
    return version;
}

Result<Exec> parse_exec(std::string_view bytes) {
    const auto document = parse_object(bytes);
    if (!document) return std::unexpected(document.error());
    const json::Value root = document->root();
    auto id = identity(root, "ID");
    if (!id) return std::unexpected(id.error());
    const json::Value process = root["ProcessConfig"];
    Exec exec;
    exec.id = std::move(*id);
    exec.container_id = root["ContainerID"].text_or();
    exec.running = root["Running"].boolean_or(false);
    exec.pid = root["Pid"].integer_or(0);
    exec.command = process["entrypoint"].text_or();
    for (const std::string& argument : process["arguments"].texts()) exec.command += ' ' + argument;
    exec.user = process["user"].text_or();
    exec.privileged = process["privileged"].boolean_or(false);
    return exec;
}

}  // namespace bulkhead::engine
