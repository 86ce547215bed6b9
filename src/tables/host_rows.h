// SPDX-License-Identifier: Apache-2.0
// What the container_* and host_* tables share: the running containers a query wants, and passing the host's problems to the scan.
#pragma once

#include <string>
#include <vector>

#include "host/host.h"
#include "tables/docker_rows.h"

namespace bulkhead::tables {

void report(Scan& scan, const std::vector<host::Problem>& problems);

// The running containers (paused ones too), by the query's container_id or container_name where it names one.
std::vector<host::ContainerRef> running_containers(Scan& scan);
// Their main processes in the caller's numbers. One that cannot be found is left out and told to the scan.
struct MainProcess {
    host::ContainerRef container;
    std::int64_t pid = 0;
};
std::vector<MainProcess> main_processes(Scan& scan);

// Reads in the engine's network namespace, or tells the scan why that cannot be.
template <class T, class Parse>
std::vector<T> dump_of_engine(Scan& scan, std::string_view name, Parse parse, std::string* locator) {
    auto& host = scan.facts().host;
    if (!host.engine_pid()) {
        report(scan, {host.engine_problem()});
        return {};
    }
    const auto reading = scan.facts().world.read(world::netlink_in(name, *host.engine_pid()));
    if (locator != nullptr) *locator = reading->locator;
    std::vector<host::Problem> problems;
    auto items = host::parsed<std::vector<T>>(*reading, parse, problems, host::Absent::is_a_problem);
    report(scan, problems);
    return items ? std::move(*items) : std::vector<T>{};
}

// Names of the interfaces in the engine's network namespace, by index.
std::map<std::int64_t, std::string> interface_names(Scan& scan);

// Columns every container_* table begins with, for rows that have a member `container` of type host::ContainerRef.
template <class Row>
std::vector<Column<Row>> container_columns() {
    return {{"container_id", Type::text, "full id of the container", [](const Row& row) { return cell(row.container.id); }},
            {"container_name", Type::text, "name without the leading slash", [](const Row& row) { return cell(row.container.name); }}};
}

template <class Row>
std::vector<Column<Row>> joined(std::vector<Column<Row>> first, std::vector<Column<Row>> second) {
    for (auto& column : second) first.push_back(std::move(column));
    return first;
}

}  // namespace bulkhead::tables
