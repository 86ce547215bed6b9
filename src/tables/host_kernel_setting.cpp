// SPDX-License-Identifier: Apache-2.0
// host_kernel_setting: settings of the kernel as a whole (not of a network namespace, for which there is host_sysctl) that keep processes
// apart. Linux Documentation/admin-guide/sysctl.
#include <array>

#include "base/text.h"
#include "tables/facts.h"
#include "tables/table.h"

namespace bulkhead::tables {

namespace {

constexpr std::array<std::string_view, 6> names = {"fs.protected_hardlinks", "fs.protected_symlinks",     "kernel.dmesg_restrict",
                                                   "kernel.kptr_restrict",   "kernel.randomize_va_space", "kernel.unprivileged_bpf_disabled"};

struct Setting {
    std::string name;
    std::optional<std::int64_t> value;  // nothing: this kernel has no such setting
    std::string locator;
};

std::string path_of(std::string_view name) {
    std::string path = "/proc/sys/" + std::string(name);
    path[path.find('.')] = '/';
    return path;
}

std::vector<Setting> rows(Scan& scan) {
    Facts& facts = scan.facts();
    if (!facts.host.engine_pid()) {
        scan.failed(facts.host.engine_problem().locator, facts.host.engine_problem().reason);
        return {};
    }
    std::vector<Setting> settings;
    for (const std::string_view name : names) {
        const auto reading = facts.world.read(world::file_at(path_of(name)));
        if (reading->absent()) {
            settings.push_back({std::string(name), std::nullopt, reading->locator});
            continue;
        }
        if (!reading->present()) {
            scan.failed(*reading);
            continue;
        }
        const auto value = text::to_integer(text::trim(reading->bytes));
        if (!value) scan.failed(reading->locator, "not a number");
        if (value) settings.push_back({std::string(name), value, reading->locator});
    }
    return settings;
}

}  // namespace

Table host_kernel_setting() {
    return make_table<Setting>({
        .name = "host_kernel_setting",
        .help = "Settings of the kernel as a whole that keep processes apart.",
        .columns = {{"name", Type::text, "as sysctl(8) has it", [](const Setting& row) { return cell(row.name); }},
                    {"value", Type::integer, "null: this kernel has no such setting", [](const Setting& row) { return cell(row.value); }},
                    {"locator", Type::text, "where this row was read", [](const Setting& row) { return cell(row.locator); }}},
        .examples = {"select name, value from host_kernel_setting"},
        .rows = rows,
    });
}

}  // namespace bulkhead::tables
