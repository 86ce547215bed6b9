// SPDX-License-Identifier: Apache-2.0
#include "tables/docker_rows.h"

#include "world/redact.h"

namespace bulkhead::tables {

const std::vector<engine::Container>& containers_wanted(Scan& scan, const std::string& id_column, const std::string& name_column) {
    auto& engine = scan.facts().engine;
    if (const auto id = scan.wanted(id_column)) return items_of(scan, engine.container(*id));
    if (!name_column.empty()) {
        if (const auto name = scan.wanted(name_column)) return items_of(scan, engine.container(*name));
    }
    return items_of(scan, engine.containers());
}

const std::vector<engine::Network>& networks_wanted(Scan& scan, const std::string& id_column, const std::string& name_column) {
    auto& engine = scan.facts().engine;
    if (const auto id = scan.wanted(id_column)) return items_of(scan, engine.network(*id));
    if (const auto name = scan.wanted(name_column)) return items_of(scan, engine.network(*name));
    return items_of(scan, engine.networks());
}

Cell part_of(const world::ReadingPtr& source, std::string_view part, bool show_values) {
    if (!source) return {};
    const auto document = json::Document::parse(source->bytes);
    if (!document) return {};
    const json::Value value = part.empty() ? document->root() : document->root()[part];
    if (value.is_null()) return {};
    std::string bytes = value.dump();
    if (show_values) return bytes;
    constexpr std::string_view prefix = "engine:";
    auto shown = world::redact(std::string_view(source->locator).substr(prefix.size()), bytes);
    return shown ? Cell{std::move(*shown)} : Cell{};
}

}  // namespace bulkhead::tables
