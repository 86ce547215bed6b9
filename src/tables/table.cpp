// SPDX-License-Identifier: Apache-2.0
#include "tables/table.h"

#include <utility>

namespace bulkhead::tables {

std::string_view name(Type type) {
    switch (type) {
        case Type::text: return "text";
        case Type::integer: return "integer";
        case Type::real: return "real";
        case Type::boolean: return "boolean";
        case Type::json: return "json";
    }
    return "text";
}

std::optional<std::string> Scan::wanted(const std::string& column) const {
    const auto found = wanted_.find(column);
    if (found == wanted_.end()) return std::nullopt;
    return found->second;
}

void Scan::failed(const world::Reading& reading, std::string container_id) {
    failures_.push_back({reading.locator, std::string(name(reading.outcome)) + ": " + reading.reason, std::move(container_id)});
}

void Scan::failed(std::string locator, std::string reason, std::string container_id) {
    failures_.push_back({std::move(locator), std::move(reason), std::move(container_id)});
}

}  // namespace bulkhead::tables
