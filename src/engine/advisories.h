// SPDX-License-Identifier: Apache-2.0
// What is known of flaws in released engines, and up to when: carried in the program, so that it can be asked without a network.
// Sources: the Go vulnerability database (golang/vulndb), the CVE list, and the release notes of moby. Any thread.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace bulkhead::engine {

inline constexpr std::string_view newest_known_release = "29.9.0";
inline constexpr std::string_view newest_known_release_date = "2026-10-08";  // nothing later is known here

struct ReleaseNumber {
    int major = 0, minor = 0, patch = 0;
    bool is_released = true;  // false: a candidate, before the release of its number

    auto operator<=>(const ReleaseNumber&) const = default;
};

struct EngineRelease {
    ReleaseNumber number;
    // Somebody else's build ("20.10.24+dfsg1", "24.0.7-0ubuntu2"): it may carry fixes that its number does not tell.
    bool is_repackaged = false;
};

// Nothing where the text begins with no version.
std::optional<EngineRelease> parse_engine_release(std::string_view version);

struct Advisory {
    std::string_view id;
    std::string_view summary;
    std::string_view introduced;  // "" is the first
    std::string_view fixed;
    [[nodiscard]] bool concerns(const ReleaseNumber& number) const;
};

// One for each range of versions; an id may come more than once.
std::span<const Advisory> advisories();

}  // namespace bulkhead::engine
