// SPDX-License-Identifier: Apache-2.0
#include "cli/build_files_beside.h"

#include <map>
#include <mutex>
#include <string>
#include <utility>

#include "tables/facts.h"
#include "world/live/live_reader.h"

namespace bulkhead::cli {

namespace {

// Keeps all that was read through it. Any thread.
class Keeper : public world::Reader {
  public:
    explicit Keeper(world::Reader& inner) : inner_(inner) {}
    world::Reading read(const world::Request& request) override {
        world::Reading reading = inner_.read(request);
        const std::scoped_lock lock(mutex_);
        kept_[reading.locator] = reading;
        return reading;
    }
    [[nodiscard]] UnixMs as_of() const override { return inner_.as_of(); }
    std::map<std::string, world::Reading> take() { return std::move(kept_); }

  private:
    world::Reader& inner_;
    std::mutex mutex_;  // guards kept_
    std::map<std::string, world::Reading> kept_;
};

// What was kept, before what the other says. Any thread.
class Beside : public world::Reader {
  public:
    Beside(world::Reader& other, std::map<std::string, world::Reading> kept) : other_(other), kept_(std::move(kept)) {}
    world::Reading read(const world::Request& request) override {
        const auto found = kept_.find(world::locator(request));
        return found == kept_.end() ? other_.read(request) : found->second;
    }
    [[nodiscard]] UnixMs as_of() const override { return other_.as_of(); }

  private:
    world::Reader& other_;
    const std::map<std::string, world::Reading> kept_;
};

}  // namespace

std::unique_ptr<world::Reader> with_build_files(world::Reader& archive, const build::BuildInput& input) {
    world::LiveReader live(world::LiveOptions{});
    Keeper keeper(live);
    {
        world::World world(keeper, 1);
        tables::Facts facts(world);
        facts.build().give(input);
        // What is wrong with them is told by the run, which reads the same again.
        (void)facts.build().dockerfiles();
        (void)facts.build().project();
    }
    return std::make_unique<Beside>(archive, keeper.take());
}

}  // namespace bulkhead::cli
