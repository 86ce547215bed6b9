// SPDX-License-Identifier: Apache-2.0
#include "audit/result.h"

#include <fmt/format.h>

namespace bulkhead::audit {

std::string_view name(Status status) {
    switch (status) {
        case Status::ok: return "ok";
        case Status::info: return "info";
        case Status::skip: return "skip";
        case Status::unknown: return "unknown";
        case Status::alarm: return "alarm";
        case Status::error: return "error";
    }
    return "error";
}

bulkhead::Result<Status> parse_status(std::string_view text) {
    for (const Status status : statuses) {
        if (name(status) == text) return status;
    }
    return fail(Code::invalid_input, fmt::format("\"{}\" is no status: ok, alarm, info, skip, unknown or error", text));
}

std::string_view name(Novelty novelty) {
    switch (novelty) {
        case Novelty::not_compared: return "";
        case Novelty::is_new: return "new";
        case Novelty::known: return "known";
    }
    return "";
}

}  // namespace bulkhead::audit
