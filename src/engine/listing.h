// SPDX-License-Identifier: Apache-2.0
// How readings become listings: outcome by outcome, nothing unreadable is taken for empty. Used by engine.cpp and engine_swarm.cpp.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "engine/engine.h"

namespace bulkhead::engine {

Problem problem_of(const world::Reading& reading, std::string container_id = {});
Problem problem_of(const world::Reading& reading, const Error& error, std::string container_id = {});

// A list endpoint. Also `absent` is a problem: the engine does not know such a list, which is not an empty one.
template <class T, class Parse>
Listing<T> read_list(world::World& world, std::string target, Parse parse) {
    const world::ReadingPtr reading = world.read(world::engine_get(std::move(target)));
    Listing<T> listing{.locator = reading->locator};
    if (!reading->present()) {
        listing.problems.push_back(problem_of(*reading));
        return listing;
    }
    auto parsed = parse(reading->bytes);
    if (parsed) {
        listing.items = std::move(*parsed);
    } else {
        listing.problems.push_back(problem_of(*reading, parsed.error()));
    }
    return listing;
}

// One answer that is one thing.
template <class T, class Parse>
Listing<T> read_one(world::World& world, std::string target, Parse parse) {
    return read_list<T>(world, std::move(target), [parse](std::string_view bytes) -> Result<std::vector<T>> {
        auto one = parse(bytes);
        if (!one) return std::unexpected(one.error());
        std::vector<T> list;
        list.push_back(std::move(*one));
        return list;
    });
}

struct Wanted {
    std::string target;
    std::string container_id;  // whom a problem concerns
};

// Inspects all, in parallel. What is gone meanwhile is counted; what cannot be read is a problem. T has a member `source`.
template <class T, class Parse>
void inspect(world::World& world, const std::vector<Wanted>& wanted, Parse parse, Listing<T>& listing) {
    std::vector<world::Request> requests;
    requests.reserve(wanted.size());
    for (const Wanted& one : wanted) requests.push_back(world::engine_get(one.target));
    const auto readings = world.read_all(requests);
    listing.items.reserve(listing.items.size() + readings.size());
    for (std::size_t i = 0; i < readings.size(); ++i) {
        const world::ReadingPtr& reading = readings[i];
        if (reading->absent()) {
            ++listing.vanished;
        } else if (!reading->present()) {
            listing.problems.push_back(problem_of(*reading, wanted[i].container_id));
        } else if (auto parsed = parse(i, *reading)) {
            parsed->source = reading;
            listing.items.push_back(std::move(*parsed));
        } else {
            listing.problems.push_back(problem_of(*reading, parsed.error(), wanted[i].container_id));
        }
    }
}

}  // namespace bulkhead::engine
