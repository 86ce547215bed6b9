// SPDX-License-Identifier: Apache-2.0
#include "base/clock.h"

#include <fmt/format.h>

#include <chrono>
#include <ctime>

#include "base/text.h"

namespace bulkhead {

UnixMs now_ms() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

std::string rfc3339(UnixMs time) {
    const auto seconds = static_cast<std::time_t>(time >= 0 ? time / 1000 : (time - 999) / 1000);
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday, parts.tm_hour,
                       parts.tm_min, parts.tm_sec, time - (static_cast<UnixMs>(seconds) * 1000));
}

std::optional<UnixMs> parse_rfc3339(std::string_view text) {
    if (text.size() < 20 || text[4] != '-' || text[7] != '-' || text[13] != ':' || text[16] != ':') return std::nullopt;
    const auto field = [&](std::size_t at, std::size_t length) { return text::to_integer(text.substr(at, length)); };
    const auto year = field(0, 4);
    const auto month = field(5, 2);
    const auto day = field(8, 2);
    const auto hour = field(11, 2);
    const auto minute = field(14, 2);
    const auto second = field(17, 2);
    if (!year || !month || !day || !hour || !minute || !second) return std::nullopt;
    std::size_t at = 19;
    UnixMs fraction_ms = 0;
    if (text[at] == '.') {
        UnixMs weight = 100;
        for (++at; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, weight /= 10) fraction_ms += (text[at] - '0') * weight;
    }
    UnixMs offset_ms = 0;
    const std::string_view zone = text.substr(std::min(at, text.size()));
    if (zone.size() == 6 && (zone[0] == '+' || zone[0] == '-')) {
        const auto zone_hour = text::to_integer(zone.substr(1, 2));
        const auto zone_minute = text::to_integer(zone.substr(4, 2));
        if (!zone_hour || !zone_minute) return std::nullopt;
        offset_ms = (*zone_hour * 60 + *zone_minute) * 60'000 * (zone[0] == '-' ? -1 : 1);
    } else if (zone != "Z") {
        return std::nullopt;
    }
    std::tm parts{};
    parts.tm_year = static_cast<int>(*year) - 1900;
    parts.tm_mon = static_cast<int>(*month) - 1;
    parts.tm_mday = static_cast<int>(*day);
    parts.tm_hour = static_cast<int>(*hour);
    parts.tm_min = static_cast<int>(*minute);
    parts.tm_sec = static_cast<int>(*second);
    return (static_cast<UnixMs>(timegm(&parts)) * 1000) + fraction_ms - offset_ms;
}

}  // namespace bulkhead
