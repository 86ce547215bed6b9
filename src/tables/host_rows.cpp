// SPDX-License-Identifier: Apache-2.0
#include "tables/host_rows.h"

#include "host/interfaces.h"

namespace bulkhead::tables {

void report(Scan& scan, const std::vector<host::Problem>& problems) {
    for (const host::Problem& problem : problems) scan.failed(problem.locator, problem.reason, problem.container_id);
}

std::vector<host::ContainerRef> running_containers(Scan& scan) {
    std::vector<host::ContainerRef> refs;
    for (const engine::Container& container : containers_wanted(scan, "container_id", "container_name")) {
        if (container.running && container.pid > 0) refs.push_back({container.id, container.name, container.pid});
    }
    return refs;
}

std::vector<MainProcess> main_processes(Scan& scan) {
    auto& host = scan.facts().host;
    if (!host.engine_pid()) {
        report(scan, {host.engine_problem()});
        return {};
    }
    std::vector<MainProcess> found;
    for (host::ContainerRef& ref : running_containers(scan)) {
        if (const auto pid = host.main_pid(ref)) {
            found.push_back({std::move(ref), *pid});
        } else {
            scan.failed("directory:/proc", pid.error().message, ref.id);
        }
    }
    return found;
}

std::map<std::int64_t, std::string> interface_names(Scan& scan) {
    std::map<std::int64_t, std::string> names;
    for (host::Link& link : dump_of_engine<host::Link>(scan, "link", host::parse_links, nullptr)) names.emplace(link.index, std::move(link.name));
    return names;
}

}  // namespace bulkhead::tables
