// SPDX-License-Identifier: Apache-2.0
// The body of one GET as it comes in, for answers that are too large to hold. Silence has a limit, the whole has none: an engine
// may take minutes to put an image together, and events come when they come. Owned by one thread.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "world/stream.h"

namespace bulkhead::world {

inline constexpr long stream_silence_max_s = 300;

// How the transfer ended, for the one who knows what it means.
struct StreamEnd {
    int code = 0;  // CURLcode
    long os_errno = 0;
    long status = 0;
    bool headers_ended = false;
    bool tells_its_end = false;
    std::string body;  // of an answer that is not 200, its beginning
    std::string words;
};

class EngineStream : public ByteStream {
  public:
    // handle: a configured curl easy handle with its URL, given away. judge: the error of an end; called only where the end is no good one.
    // silence_s: so long nothing may come; 0: for ever.
    EngineStream(void* handle, std::function<Error(StreamEnd)> judge, long silence_s = stream_silence_max_s);
    ~EngineStream() override;

    Result<std::string_view> next() override;
    // The same, but waits at most so long: nothing where nothing came.
    Result<std::optional<std::string_view>> next_within(std::chrono::milliseconds time_max);

  private:
    struct Transfer;
    std::unique_ptr<Transfer> transfer_;
    std::function<Error(StreamEnd)> judge_;
};

}  // namespace bulkhead::world
