// SPDX-License-Identifier: Apache-2.0
// What the tables of one connection read from: the reader that the options name, the world above it and its facts. Owned by the connection's thread.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "extension/options.h"
#include "tables/facts.h"
#include "world/reader.h"
#include "world/world.h"

namespace bulkhead::extension {

class OpenedWorld {
  public:
    // Nothing is read from an engine yet; a snapshot or an archive is opened, and its own errors are told.
    static Result<std::unique_ptr<OpenedWorld>> open(const Options& options, const Environment& environment);

    tables::Facts& facts() { return facts_; }
    [[nodiscard]] const std::string& place() const { return place_; }  // "snapshot host.snapshot", "engine unix:///var/run/docker.sock"

  private:
    using Readers = std::vector<std::unique_ptr<world::Reader>>;  // each reads from those before it; the last one is the world's
    OpenedWorld(std::string place, Readers readers);

    std::string place_;
    Readers readers_;
    world::World world_;
    tables::Facts facts_;
};

}  // namespace bulkhead::extension
