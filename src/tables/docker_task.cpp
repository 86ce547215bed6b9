// SPDX-License-Identifier: Apache-2.0
// docker_task: tasks of the swarm, as a manager tells them.
#include "tables/docker_rows.h"

namespace bulkhead::tables {

using engine::Task;

namespace {

struct TaskRow {
    const Task* item = nullptr;
    std::string locator;
};

template <class Member>
auto field(Member Task::* member) {
    return [member](const TaskRow& row) { return cell(row.item->*member); };
}

}  // namespace

Table docker_task() {
    return make_table<TaskRow>({
        .name = "docker_task",
        .help = "Tasks of the swarm: what runs, or ran, where.",
        .columns =
            {
                {"id", Type::text, "task", field(&Task::id)},
                {"service_id", Type::text, "service", field(&Task::service_id)},
                {"node_id", Type::text, "node", field(&Task::node_id)},
                {"slot", Type::integer, "replica; 0 in global services", field(&Task::slot)},
                {"state", Type::text, "running, failed, complete, ...", field(&Task::state)},
                {"desired_state", Type::text, "wanted", field(&Task::desired_state)},
                {"message", Type::text, "status", field(&Task::message)},
                {"error", Type::text, "what went wrong", field(&Task::error)},
                {"container_id", Type::text, "its container", field(&Task::container_id)},
                {"pid", Type::integer, "first process on its node", field(&Task::pid)},
                {"image", Type::text, "image", field(&Task::image)},
                {"networks", Type::json, "network_id and addresses", field(&Task::networks)},
                {"created_at", Type::text, "when it was created", field(&Task::created_at)},
                {"updated_at", Type::text, "last change", field(&Task::updated_at)},
                {"labels", Type::json, "labels", field(&Task::labels)},
                {"locator", Type::text, std::string(locator_help), [](const TaskRow& row) { return cell(row.locator); }},
            },
        .examples = {"select service_id, node_id, state from docker_task where desired_state = 'running'"},
        .rows =
            [](Scan& scan) {
                const auto& listing = scan.facts().engine.tasks();
                std::vector<TaskRow> rows;
                for (const Task& item : items_of(scan, listing)) rows.push_back({&item, listing.locator});
                return rows;
            },
    });
}

}  // namespace bulkhead::tables
