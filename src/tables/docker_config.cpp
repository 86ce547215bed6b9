// SPDX-License-Identifier: Apache-2.0
// docker_config: configs of the swarm, without their data. As a manager tells them.
#include "tables/docker_rows.h"

namespace bulkhead::tables {

using engine::Secret;

namespace {

struct SecretRow {
    const Secret* item = nullptr;
    std::string locator;
};

template <class Member>
auto field(Member Secret::* member) {
    return [member](const SecretRow& row) { return cell(row.item->*member); };
}

}  // namespace

Table docker_config() {
    return make_table<SecretRow>({
        .name = "docker_config",
        .help = "Configs of the swarm, without their data.",
        .columns =
            {
                {"id", Type::text, "id", field(&Secret::id)},
                {"name", Type::text, "name", field(&Secret::name)},
                {"created_at", Type::text, "when it was created", field(&Secret::created_at)},
                {"updated_at", Type::text, "last change", field(&Secret::updated_at)},
                {"templating", Type::text, "template engine", field(&Secret::templating)},
                {"labels", Type::json, "labels", field(&Secret::labels)},
                {"locator", Type::text, std::string(locator_help), [](const SecretRow& row) { return cell(row.locator); }},
            },
        .examples = {"select name, created_at from docker_config"},
        .rows =
            [](Scan& scan) {
                const auto& listing = scan.facts().engine.configs();
                std::vector<SecretRow> rows;
                for (const Secret& item : items_of(scan, listing)) rows.push_back({&item, listing.locator});
                return rows;
            },
    });
}

}  // namespace bulkhead::tables
