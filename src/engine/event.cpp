// SPDX-License-Identifier: Apache-2.0
#include "engine/event.h"

#include <fmt/format.h>

#include "base/text.h"

namespace bulkhead::engine {

namespace {

constexpr std::size_t events_max = 100'000;

Result<Event> event_from(std::string_view line) {
    const auto document = parse_object(line);
    if (!document) return std::unexpected(document.error());
    const json::Value root = document->root();
    Event event;
    event.type = root["Type"].text_or();
    event.action = root["Action"].text_or(root["status"].text_or());
    event.actor_id = root["Actor"]["ID"].text_or(root["id"].text_or());
    event.attributes = text_map(root["Actor"]["Attributes"]);
    event.scope = root["scope"].text_or();
    event.time = root["time"].integer_or(0);
    event.time_nano = root["timeNano"].integer_or(0);
    if (event.action.empty()) return fail(Code::corrupt, "an event without an action");
    return event;
}

}  // namespace

std::string Event::attribute(const std::string& key) const {
    const auto found = attributes.find(key);
    return found == attributes.end() ? std::string() : found->second;
}

Result<std::vector<Event>> parse_events(std::string_view bytes) {
    std::vector<Event> events;
    if (bytes.size() > list_bytes_max) return fail(Code::limit_exceeded, "events larger than the limit");
    for (const std::string_view line : text::lines(bytes)) {
        if (text::trim(line).empty()) continue;
        if (events.size() == events_max) return fail(Code::limit_exceeded, fmt::format("more than {} events", events_max));
        auto event = event_from(line);
        if (!event) return std::unexpected(event.error().in(fmt::format("event {}", events.size())));
        events.push_back(std::move(*event));
    }
    return events;
}

}  // namespace bulkhead::engine
