// SPDX-License-Identifier: Apache-2.0
// docker_volume: volumes. Columns of Steampipe and osquery.
#include "tables/docker_rows.h"
#include "world/redact.h"

namespace bulkhead::tables {

using engine::Volume;

namespace {

struct VolumeRow {
    const Volume* item = nullptr;
    std::string locator;
};

template <class Member>
auto field(Member Volume::* member) {
    return [member](const VolumeRow& row) { return cell(row.item->*member); };
}

// Options of network file systems carry passwords: "username=u,password=p".
engine::TextMap shown_options(const Volume& volume) {
    engine::TextMap shown;
    for (const auto& [key, value] : volume.options) shown[key] = world::looks_secret(key) ? std::string(world::redaction_mark) : world::redact_text(value);
    return shown;
}

}  // namespace

Table docker_volume() {
    return make_table<VolumeRow>({
        .name = "docker_volume",
        .help = "Volumes.",
        .columns =
            {
                {"name", Type::text, "name", field(&Volume::name)},
                {"driver", Type::text, "local, or a plugin", field(&Volume::driver)},
                {"created", Type::text, "when it was created", field(&Volume::created)},
                {"mountpoint", Type::text, "path on the host", field(&Volume::mountpoint)},
                {"scope", Type::text, "local or global", field(&Volume::scope)},
                {"labels", Type::json, "labels", field(&Volume::labels)},
                {"options", Type::json, "options of the driver; values that look secret are left out",
                 [](const VolumeRow& row) { return cell(shown_options(*row.item)); }},
                {"status", Type::json, "what the driver says", field(&Volume::status)},
                {"usage_data", Type::json, "size and use, where the engine tells", field(&Volume::usage_data)},
                {"locator", Type::text, std::string(locator_help), [](const VolumeRow& row) { return cell(row.locator); }},
            },
        .examples = {"select name, driver, mountpoint from docker_volume"},
        .rows =
            [](Scan& scan) {
                const auto& listing = scan.facts().engine.volumes();
                std::vector<VolumeRow> rows;
                for (const Volume& item : items_of(scan, listing)) rows.push_back({&item, listing.locator});
                return rows;
            },
    });
}

}  // namespace bulkhead::tables
