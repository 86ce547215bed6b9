// SPDX-License-Identifier: Apache-2.0
// Docker Engine over HTTP: the unix socket, or TCP with or without TLS client certificates. Only GET is ever sent, so the engine's
// state cannot change by it. Bounded in time and size; every failure is an outcome with its reason. Any thread, several at once.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "world/live/docker_context.h"
#include "world/live/engine_stream.h"
#include "world/reading.h"
#include "world/stream.h"

namespace bulkhead::world {

struct ApiVersion {
    int major = 0;
    int minor = 0;

    auto operator<=>(const ApiVersion&) const = default;
    static std::optional<ApiVersion> parse(std::string_view text);  // "1.41"
    [[nodiscard]] std::string text() const;
};

inline constexpr ApiVersion api_version_ours{1, 47};    // Engine 27: the newest whose answers were read
inline constexpr ApiVersion api_version_oldest{1, 24};  // Engine 1.12; older ones answer in other shapes
inline constexpr std::chrono::seconds silence_holds{5};
inline constexpr std::size_t idle_connections_max = 16;
inline constexpr std::size_t header_bytes_max = 256 * 1024;

struct EngineLimits {
    long connect_ms = 5'000;
    long total_ms = 30'000;
    std::size_t body_bytes_max = 64 * 1024 * 1024;
};

class EngineClient {
  public:
    explicit EngineClient(EngineAddress address, EngineLimits limits = {});
    ~EngineClient();
    EngineClient(const EngineClient&) = delete;
    EngineClient& operator=(const EngineClient&) = delete;

    // target as in Kind::engine: "/containers/json?all=1", without the version's prefix; "/events?recent" ends by itself.
    Reading get(const std::string& target);
    // The same for an answer that is too large to hold (an image's export): its body as it comes. An answer other than 200 is the stream's error.
    Result<std::unique_ptr<ByteStream>> stream(const std::string& target);
    // Of an answer that has no end (events): silence is no error, and one can wait for a while.
    Result<std::unique_ptr<EngineStream>> follow(const std::string& target);
    [[nodiscard]] const EngineAddress& address() const { return address_; }

    struct Answer;  // one answer while it comes in; engine_client.cpp only

  private:
    class Lease;
    void* take();
    void give_back(void* handle);
    Answer fetch(const std::string& path);
    // The version to speak, asked once; a Reading with the reason where there is none.
    std::optional<Reading> negotiate(const std::string& for_locator, ApiVersion& version);
    [[nodiscard]] Reading judge(const std::string& locator, Answer answer) const;
    [[nodiscard]] Reading unreachable(const std::string& locator, const Answer& answer) const;
    void configure(void* handle) const;
    Result<std::unique_ptr<EngineStream>> open_stream(const std::string& target, long silence_s);
    [[nodiscard]] std::string base_url() const;

    const EngineAddress address_;
    const EngineLimits limits_;
    std::mutex idle_mutex_;
    std::vector<void*> idle_;            // curl easy handles with their connections; guarded by idle_mutex_
    std::mutex version_mutex_;           // never held together with idle_mutex_ by the one who waits for it
    std::optional<ApiVersion> version_;  // guarded by version_mutex_
    std::string silence_;                // why the engine was silent when last asked for its version; guarded by version_mutex_
    std::chrono::steady_clock::time_point silent_at_;
};

}  // namespace bulkhead::world
