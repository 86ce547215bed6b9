// SPDX-License-Identifier: Apache-2.0
#include "host/problem.h"

namespace bulkhead::host {

Problem problem_of(const world::Reading& reading, std::string container_id) {
    std::string reason = reading.reason.empty() ? "it is " + std::string(name(reading.outcome)) : reading.reason;
    return {reading.locator, std::move(reason), std::move(container_id)};
}

Problem problem_of(const world::Reading& reading, const Error& error, std::string container_id) {
    return {reading.locator, error.message, std::move(container_id)};
}

Error error_of(const world::Reading& reading) {
    const std::string reason = problem_of(reading).reason;
    switch (reading.outcome) {
        case world::Outcome::absent: return {Code::not_found, reason};
        case world::Outcome::denied: return {Code::permission_denied, reason};
        default: return {Code::unavailable, reason};
    }
}

}  // namespace bulkhead::host
