// SPDX-License-Identifier: Apache-2.0
// What the docker_* tables share: passing the engine's problems on to the scan, choosing containers by the query's keys, and
// columns that are one field of a struct.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "engine/engine.h"
#include "tables/facts.h"
#include "tables/table.h"

namespace bulkhead::tables {

// The items of a listing; what could not be read becomes the scan's failures.
template <class T>
const std::vector<T>& items_of(Scan& scan, const engine::Listing<T>& listing) {
    for (const auto& problem : listing.problems) scan.failed(problem.locator, problem.reason, problem.container_id);
    return listing.items;
}

// The containers the query wants by these of its key columns (an id, a name), else all.
const std::vector<engine::Container>& containers_wanted(Scan& scan, const std::string& id_column, const std::string& name_column = {});
const std::vector<engine::Network>& networks_wanted(Scan& scan, const std::string& id_column, const std::string& name_column);

// Part of an answer as JSON text ("" is all of it); secrets are left out unless values are to be shown.
Cell part_of(const world::ReadingPtr& source, std::string_view part, bool show_values);

inline Cell cell(const std::vector<std::string>& values) { return engine::array_text(values); }
inline Cell cell(const engine::TextMap& values) { return engine::object_text(values); }

// SQL null for what the engine left empty.
inline Cell text_or_null(const std::string& value) { return value.empty() ? Cell{} : Cell{value}; }

inline constexpr std::string_view locator_help = "the reading this row was made from";

// A column that is a member of T, for rows of T or of something that has `T* T_member`.
template <class T, class Member>
auto of(Member T::* member) {
    return [member](const T& row) { return cell(row.*member); };
}

// A part of a thing, and the thing it is part of.
template <class Whole, class Part>
struct PartRow {
    const Whole* whole = nullptr;
    const Part* part = nullptr;
};

template <class Whole, class Part, class Member>
auto of_part(Member Part::* member) {
    return [member](const PartRow<Whole, Part>& row) { return cell(row.part->*member); };
}

}  // namespace bulkhead::tables
