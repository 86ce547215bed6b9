// SPDX-License-Identifier: Apache-2.0
// Results that need not be found anew: small files in a folder of this user's own, each with the hash of what it holds. A cache is never
// believed: a file that is not ours, not sound or too large is as good as none, and counted. Bounded in bytes and files; the oldest
// go first. Any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "world/live/fd.h"

namespace bulkhead::world {

inline constexpr std::size_t cache_entry_bytes_max = 128UL << 20U;
inline constexpr std::size_t cache_bytes_max = 1UL << 30U;
inline constexpr std::size_t cache_files_max = 20'000;

// $XDG_CACHE_HOME/bulkhead, for root else /var/cache/bulkhead, for others else ~/.cache/bulkhead; empty: there is no place.
std::string default_cache_path();

class CacheFolder {
  public:
    // Makes the folder (0700), not those above it. permission_denied, unsupported: it is there and somebody else may write in it.
    static Result<std::unique_ptr<CacheFolder>> open(const std::string& path, std::size_t bytes_max = cache_bytes_max);

    // name: letters, digits, '.', '-' and '_'.
    std::optional<std::string> get(const std::string& name);
    void put(const std::string& name, std::string_view bytes);  // a cache that cannot be written stays as it is
    [[nodiscard]] std::int64_t broken() const;                  // files that were there and not believed

  private:
    explicit CacheFolder(Fd folder, std::size_t bytes_max) : folder_(std::move(folder)), bytes_max_(bytes_max) {}
    void make_room(std::size_t bytes);

    Fd folder_;
    const std::size_t bytes_max_;
    mutable std::mutex mutex_;  // guards all below
    std::int64_t broken_ = 0;
    std::optional<std::size_t> held_bytes_;  // counted at the first put
    std::size_t held_files_ = 0;
    int written_ = 0;
};

}  // namespace bulkhead::world
