// SPDX-License-Identifier: Apache-2.0
// docker_secret: secrets of the swarm: never their data. As a manager tells them.
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

Table docker_secret() {
    return make_table<SecretRow>({
        .name = "docker_secret",
        .help = "Secrets of the swarm: never their data.",
        .columns =
            {
                {"id", Type::text, "id", field(&Secret::id)},
                {"name", Type::text, "name", field(&Secret::name)},
                {"created_at", Type::text, "when it was created", field(&Secret::created_at)},
                {"updated_at", Type::text, "last change", field(&Secret::updated_at)},
                {"driver", Type::text, "where it is kept; empty: in the swarm", field(&Secret::driver)},
                {"templating", Type::text, "template engine", field(&Secret::templating)},
                {"labels", Type::json, "labels", field(&Secret::labels)},
                {"locator", Type::text, std::string(locator_help), [](const SecretRow& row) { return cell(row.locator); }},
            },
        .examples = {"select name, created_at from docker_secret"},
        .rows =
            [](Scan& scan) {
                const auto& listing = scan.facts().engine.secrets();
                std::vector<SecretRow> rows;
                for (const Secret& item : items_of(scan, listing)) rows.push_back({&item, listing.locator});
                return rows;
            },
    });
}

}  // namespace bulkhead::tables
