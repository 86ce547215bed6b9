// SPDX-License-Identifier: Apache-2.0
// host_security_module: whether SELinux and AppArmor are there and in force on the engine's host.
// Sources: /sys/fs/selinux/enforce (selinuxfs is there only where SELinux is switched on) and
// /sys/module/apparmor/parameters/enabled.
#include "base/text.h"
#include "tables/facts.h"
#include "tables/table.h"

namespace bulkhead::tables {

namespace {

struct Module {
    std::string name;
    std::string state;
    std::string locator;
};

void add(Scan& scan, std::vector<Module>& modules, const std::string& name, const std::string& path, std::string_view on, const std::string& otherwise) {
    const auto reading = scan.facts().world.read(world::file_at(path));
    if (reading->absent()) return modules.push_back({name, "absent", reading->locator});
    if (!reading->present()) return scan.failed(*reading);
    const std::string_view value = text::trim(reading->bytes);
    if (value != on && value != "0" && value != "N") return scan.failed(reading->locator, "neither on nor off");
    modules.push_back({name, value == on ? "enforcing" : otherwise, reading->locator});
}

std::vector<Module> rows(Scan& scan) {
    Facts& facts = scan.facts();
    if (!facts.host.engine_pid()) {
        scan.failed(facts.host.engine_problem().locator, facts.host.engine_problem().reason);
        return {};
    }
    std::vector<Module> modules;
    add(scan, modules, "selinux", "/sys/fs/selinux/enforce", "1", "permissive");
    add(scan, modules, "apparmor", "/sys/module/apparmor/parameters/enabled", "Y", "off");
    return modules;
}

}  // namespace

Table host_security_module() {
    return make_table<Module>({
        .name = "host_security_module",
        .help = "SELinux and AppArmor on the engine's host.",
        .columns = {{"name", Type::text, "selinux, apparmor", [](const Module& row) { return cell(row.name); }},
                    {"state", Type::text, "enforcing, permissive, off, absent", [](const Module& row) { return cell(row.state); }},
                    {"locator", Type::text, "where this row was read", [](const Module& row) { return cell(row.locator); }}},
        .examples = {"select name, state from host_security_module"},
        .rows = rows,
    });
}

}  // namespace bulkhead::tables
