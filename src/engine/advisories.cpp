// SPDX-License-Identifier: Apache-2.0
#include "engine/advisories.h"

#include <array>
#include <charconv>

namespace bulkhead::engine {

namespace {

constexpr Advisory known[] = {
    {"CVE-2019-14271", "docker cp runs code of the container on the host", "19.03.0", "19.03.1"},
    {"CVE-2021-21284", "the remapped root may become the real one", "", "19.03.15"},
    {"CVE-2021-21284", "the remapped root may become the real one", "20.10.0", "20.10.3"},
    {"CVE-2021-21285", "a made-up image crashes the engine", "", "19.03.15"},
    {"CVE-2021-21285", "a made-up image crashes the engine", "20.10.0", "20.10.3"},
    {"CVE-2021-41089", "docker cp changes modes of the host's files", "", "20.10.9"},
    {"CVE-2021-41091", "the data root is open to local users", "", "20.10.9"},
    {"CVE-2022-24769", "processes start with inheritable capabilities", "", "20.10.14"},
    {"CVE-2022-36109", "supplementary groups are set up wrongly", "", "20.10.18"},
    {"CVE-2023-28840", "encrypted overlay networks take what is not encrypted", "1.12.0", "20.10.24"},
    {"CVE-2023-28840", "encrypted overlay networks take what is not encrypted", "23.0.0", "23.0.3"},
    {"CVE-2023-28841", "encrypted overlay networks may send in the clear", "1.12.0", "20.10.24"},
    {"CVE-2023-28841", "encrypted overlay networks may send in the clear", "23.0.0", "23.0.3"},
    {"CVE-2023-28842", "encrypted overlay networks with one endpoint are not authenticated", "1.12.0", "20.10.24"},
    {"CVE-2023-28842", "encrypted overlay networks with one endpoint are not authenticated", "23.0.0", "23.0.3"},
    {"CVE-2024-24557", "the classic builder's cache can be poisoned", "", "24.0.9"},
    {"CVE-2024-24557", "the classic builder's cache can be poisoned", "25.0.0", "25.0.2"},
    {"CVE-2024-29018", "internal networks leak by way of DNS", "25.0.0", "25.0.5"},
    {"CVE-2024-32473", "IPv6 is on where it was not asked for", "26.0.0", "26.0.2"},
    {"CVE-2024-36620", "an image's history crashes the engine", "25.0.0", "26.1.0"},
    {"CVE-2024-36621", "race in the builder", "", "26.0.0"},
    {"CVE-2024-36623", "race in the engine's streams", "", "26.0.0"},
    {"CVE-2024-41110", "authorization plugins are passed by", "19.03.0", "19.03.16"},
    {"CVE-2024-41110", "authorization plugins are passed by", "20.10.0", "20.10.28"},
    {"CVE-2024-41110", "authorization plugins are passed by", "23.0.0", "23.0.15"},
    {"CVE-2024-41110", "authorization plugins are passed by", "24.0.0", "24.0.10"},
    {"CVE-2024-41110", "authorization plugins are passed by", "25.0.0", "25.0.6"},
    {"CVE-2024-41110", "authorization plugins are passed by", "26.0.0", "26.0.3"},
    {"CVE-2024-41110", "authorization plugins are passed by", "26.1.0", "26.1.5"},
    {"CVE-2024-41110", "authorization plugins are passed by", "27.0.0", "27.0.4"},
    {"CVE-2024-41110", "authorization plugins are passed by", "27.1.0", "27.1.1"},
    {"CVE-2025-54388", "a reload of firewalld opens published ports", "28.2.0", "28.3.3"},
    {"CVE-2025-54410", "a reload of firewalld ends the isolation of bridges", "", "25.0.13"},
    {"CVE-2026-33997", "privileges of plugins are checked off by one", "", "29.3.1"},
    {"CVE-2026-34040", "authorization plugins are passed by with large requests", "", "29.3.1"},
    {"CVE-2026-41567", "copying into a container runs its programs on the host", "", "29.5.1"},
    {"CVE-2026-97032", "an HTTP/2 client crashes the engine", "", "29.9.0"},
};

std::optional<int> take_number(std::string_view& text) {
    int number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end == text.data()) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return number;
}

bool take_dot(std::string_view& text) {
    if (!text.starts_with('.')) return false;
    text.remove_prefix(1);
    return true;
}

}  // namespace

std::optional<EngineRelease> parse_engine_release(std::string_view version) {
    if (version.starts_with('v')) version.remove_prefix(1);
    EngineRelease release;
    const auto major = take_number(version);
    if (!major || !take_dot(version)) return std::nullopt;
    const auto minor = take_number(version);
    if (!minor || !take_dot(version)) return std::nullopt;
    const auto patch = take_number(version);
    if (!patch || *major < 0 || *minor < 0 || *patch < 0) return std::nullopt;
    release.number = {*major, *minor, *patch};
    for (const std::string_view candidate : {"-rc", "-beta", "-alpha", "-tp"}) {
        if (version.starts_with(candidate)) release.number.is_released = false;
    }
    release.is_repackaged = release.number.is_released && !version.empty() && version != "-ce" && version != "-ee";
    return release;
}

bool Advisory::concerns(const ReleaseNumber& number) const {
    const auto first = parse_engine_release(introduced);
    const auto end = parse_engine_release(fixed);
    // The candidates of the first release that has a flaw have it too.
    const bool has_begun = !first || ReleaseNumber{number.major, number.minor, number.patch, true} >= first->number;
    return has_begun && end && number < end->number;
}

std::span<const Advisory> advisories() { return known; }

}  // namespace bulkhead::engine
