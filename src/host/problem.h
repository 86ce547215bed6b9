// SPDX-License-Identifier: Apache-2.0
// What could not be read or understood while a fact was put together. Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "world/reading.h"

namespace bulkhead::host {

struct Problem {
    std::string locator;
    std::string reason;
    std::string container_id = {};  // the one container it concerns; empty: the whole
};

template <class T>
struct Found {
    std::vector<T> items;
    std::vector<Problem> problems;
};

Problem problem_of(const world::Reading& reading, std::string container_id = {});
Problem problem_of(const world::Reading& reading, const Error& error, std::string container_id = {});
// A reading that is not there as an error: absent is not_found, denied permission_denied, failed unavailable; the reason unchanged.
Error error_of(const world::Reading& reading);

// Parses a reading's bytes; where it is not present or does not parse, nothing, and the problem is noted. An absent reading is a
// problem only where `absent_is` says so.
enum class Absent : std::uint8_t { is_nothing, is_a_problem };

template <class T, class Parse>
std::optional<T> parsed(const world::Reading& reading, Parse parse, std::vector<Problem>& problems, Absent absent_is, const std::string& container_id = {}) {
    if (!reading.present()) {
        if (reading.unreadable() || absent_is == Absent::is_a_problem) problems.push_back(problem_of(reading, container_id));
        return std::nullopt;
    }
    Result<T> value = parse(reading.bytes);
    if (value) return std::move(*value);
    problems.push_back(problem_of(reading, value.error(), container_id));
    return std::nullopt;
}

}  // namespace bulkhead::host
