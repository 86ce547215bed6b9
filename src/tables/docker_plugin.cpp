// SPDX-License-Identifier: Apache-2.0
// docker_plugin: managed plugins of the engine (GET /plugins). Source: Docker Engine API reference, "Plugin".
#include "base/json.h"
#include "tables/facts.h"
#include "tables/table.h"

namespace bulkhead::tables {

namespace {

struct Plugin {
    std::string id;
    std::string name;
    bool enabled = false;
    std::string reference;
    std::string description;
    std::string capabilities;  // JSON: ["networkdriver"]
    std::string locator;
};

// "docker.networkdriver/1.0" -> "networkdriver"
std::string capability_of(const json::Value& type) {
    if (const auto object = type["Capability"].text()) return *object;
    std::string text = type.text_or();
    text = text.substr(0, text.find('/'));
    return text.starts_with("docker.") ? text.substr(7) : text;
}

Plugin parse(const json::Value& value, const std::string& locator) {
    Plugin plugin{value["Id"].text_or(), value["Name"].text_or(), value["Enabled"].boolean_or(false), value["PluginReference"].text_or(), "", "[", locator};
    const json::Value config = value["Config"];
    plugin.description = config["Description"].text_or();
    for (const json::Value& type : config["Interface"]["Types"].items()) {
        plugin.capabilities += (plugin.capabilities.size() > 1 ? "," : "") + json::quote(capability_of(type));
    }
    plugin.capabilities += "]";
    return plugin;
}

std::vector<Plugin> rows(Scan& scan) {
    const auto reading = scan.facts().world.read(world::engine_get("/plugins"));
    if (!reading->present()) {
        scan.failed(*reading);
        return {};
    }
    const auto document = json::Document::parse(reading->bytes);
    if (!document || !document->root().is_array()) {
        scan.failed(reading->locator, document ? "not a list of plugins" : document.error().message);
        return {};
    }
    std::vector<Plugin> plugins;
    for (const json::Value& value : document->root().items()) plugins.push_back(parse(value, reading->locator));
    return plugins;
}

}  // namespace

Table docker_plugin() {
    return make_table<Plugin>({
        .name = "docker_plugin",
        .help = "Managed plugins of the engine, switched on or not.",
        .columns = {{"id", Type::text, "full id", [](const Plugin& row) { return cell(row.id); }},
                    {"name", Type::text, "name with tag, as networks name it as their driver", [](const Plugin& row) { return cell(row.name); }},
                    {"enabled", Type::boolean, "switched on", [](const Plugin& row) { return cell(row.enabled); }},
                    {"reference", Type::text, "image it was installed from", [](const Plugin& row) { return cell(row.reference); }},
                    {"description", Type::text, "what its author says", [](const Plugin& row) { return cell(row.description); }},
                    {"capabilities", Type::json, "what it can be: networkdriver, volumedriver, ...", [](const Plugin& row) { return cell(row.capabilities); }},
                    {"locator", Type::text, "where this row was read", [](const Plugin& row) { return cell(row.locator); }}},
        .examples = {"select name, enabled from docker_plugin where capabilities like '%networkdriver%'"},
        .rows = rows,
    });
}

}  // namespace bulkhead::tables
