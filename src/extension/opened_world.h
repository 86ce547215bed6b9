// SPDX-License-Identifier: Apache-2.0
// What the tables of one connection read from: the reader that the options name, the world above it and its facts. Owned by the connection's thread.
#pragma once

#include <memory>
#include <string>

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
    OpenedWorld(std::string place, std::unique_ptr<world::Reader> below, std::unique_ptr<world::Reader> reader);

    std::string place_;
    std::unique_ptr<world::Reader> below_;  // of reader_, where that looks into images
    std::unique_ptr<world::Reader> reader_;
    world::World world_;
    tables::Facts facts_;
};

}  // namespace bulkhead::extension
