// SPDX-License-Identifier: Apache-2.0
// This machine and the engine that was asked for, read now. Secrets in engine answers are taken out before they leave this door,
// unless the user asked for them. Any thread.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "world/live/engine_client.h"
#include "world/live/registry_client.h"
#include "world/reader.h"
#include "world/stream.h"

namespace bulkhead::world {

struct LiveOptions {
    EngineAddress engine;
    bool show_values = false;                     // environment values and secrets stay in
    bool probe = false;                           // active probes (banner, latency) may be sent
    std::vector<RegistryAccess> registries = {};  // servers that may be asked for signatures
};

class LiveReader : public Reader, public ImageExports {
  public:
    explicit LiveReader(LiveOptions options);
    ~LiveReader() override;

    Reading read(const Request& request) override;
    // GET /images/ID/get. The engine notes it as an event (save), and older ones put the tar together in a folder of theirs first.
    Result<std::unique_ptr<ByteStream>> open_image(const std::string& id) override;
    // The engine's events from then on, as they happen: one JSON object a line. filters: as the Engine API takes them, JSON, or empty. They are
    // not redacted: what an exec runs is in them.
    Result<std::unique_ptr<EngineStream>> follow_events(UnixMs since, std::string_view filters);
    [[nodiscard]] UnixMs as_of() const override { return started_at_; }

  private:
    Reading read_engine(const Request& request);
    Result<std::string> read_host(const Request& request) const;

    LiveOptions options_;
    std::unique_ptr<EngineClient> client_;
    std::unique_ptr<RegistryClient> registries_;
    UnixMs started_at_;
};

}  // namespace bulkhead::world
