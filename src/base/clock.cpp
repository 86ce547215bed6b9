// SPDX-License-Identifier: Apache-2.0
#include "base/clock.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <ctime>

namespace bulkhead {

UnixMs now_ms() { return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count(); }

namespace {

// The years that RFC 3339 has. A time may come out of a file that somebody else wrote, so any number is met.
constexpr UnixMs earliest_ms = -62'167'219'200'000;  // 0000-01-01T00:00:00.000Z
constexpr UnixMs latest_ms = 253'402'300'799'999;    // 9999-12-31T23:59:59.999Z

// Digits only, in [least, most].
std::optional<int> number(std::string_view text, std::size_t at, std::size_t length, int least, int most) {
    int value = 0;
    for (const char digit : text.substr(at, length)) {
        if (digit < '0' || digit > '9') return std::nullopt;
        value = (value * 10) + (digit - '0');
    }
    if (value < least || value > most) return std::nullopt;
    return value;
}

int days_of(int year, int month) {
    constexpr std::array days = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[static_cast<std::size_t>(month - 1)] + (month == 2 && leap ? 1 : 0);
}

// "Z", "+02:00", "-05:30"
std::optional<UnixMs> offset_of(std::string_view zone) {
    if (zone == "Z") return 0;
    if (zone.size() != 6 || (zone[0] != '+' && zone[0] != '-') || zone[3] != ':') return std::nullopt;
    const auto hour = number(zone, 1, 2, 0, 23);
    const auto minute = number(zone, 4, 2, 0, 59);
    if (!hour || !minute) return std::nullopt;
    return UnixMs{(*hour * 60) + *minute} * 60'000 * (zone[0] == '-' ? -1 : 1);
}

}  // namespace

std::string rfc3339(UnixMs unbounded) {
    const UnixMs time = std::clamp(unbounded, earliest_ms, latest_ms);
    const auto seconds = static_cast<std::time_t>(time >= 0 ? time / 1000 : (time - 999) / 1000);
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min,
                       parts.tm_sec, time - (static_cast<UnixMs>(seconds) * 1000));
}

std::optional<UnixMs> parse_rfc3339(std::string_view text) {
    if (text.size() < 20 || text[4] != '-' || text[7] != '-' || (text[10] != 'T' && text[10] != ' ') || text[13] != ':' || text[16] != ':') return std::nullopt;
    const auto year = number(text, 0, 4, 0, 9999);
    const auto month = number(text, 5, 2, 1, 12);
    const auto day = number(text, 8, 2, 1, 31);
    const auto hour = number(text, 11, 2, 0, 23);
    const auto minute = number(text, 14, 2, 0, 59);
    const auto second = number(text, 17, 2, 0, 60);  // 60: a leap second
    if (!year || !month || !day || !hour || !minute || !second || *day > days_of(*year, *month)) return std::nullopt;
    std::size_t at = 19;
    UnixMs fraction_ms = 0;
    if (text[at] == '.') {
        const std::size_t start = ++at;
        for (UnixMs weight = 100; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, weight /= 10) fraction_ms += (text[at] - '0') * weight;
        if (at == start) return std::nullopt;
    }
    const auto offset_ms = offset_of(text.substr(at));
    if (!offset_ms) return std::nullopt;
    std::tm parts{};
    parts.tm_year = *year - 1900;
    parts.tm_mon = *month - 1;
    parts.tm_mday = *day;
    parts.tm_hour = *hour;
    parts.tm_min = *minute;
    parts.tm_sec = *second;
    return (static_cast<UnixMs>(timegm(&parts)) * 1000) + fraction_ms - *offset_ms;
}

}  // namespace bulkhead
