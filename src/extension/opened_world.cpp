// SPDX-License-Identifier: Apache-2.0
#include "extension/opened_world.h"

#include "image/archive_reader.h"
#include "image/content_reader.h"
#include "world/live/cache_folder.h"
#include "world/live/docker_context.h"
#include "world/live/live_reader.h"
#include "world/snapshot/snapshot.h"

namespace bulkhead::extension {

OpenedWorld::OpenedWorld(std::string place, std::unique_ptr<world::Reader> below, std::unique_ptr<world::Reader> reader)
    : place_(std::move(place)), below_(std::move(below)), reader_(std::move(reader)), world_(*reader_), facts_(world_) {}

Result<std::unique_ptr<OpenedWorld>> OpenedWorld::open(const Options& options, const Environment& environment) {
    const auto opened = [&](std::string place, std::unique_ptr<world::Reader> below, std::unique_ptr<world::Reader> reader) {
        std::unique_ptr<OpenedWorld> world(new OpenedWorld(std::move(place), std::move(below), std::move(reader)));
        world->facts_.show_values = options.show_values;
        return world;
    };
    if (!options.from.empty()) {
        auto snapshot = world::SnapshotReader::open(options.from);
        if (!snapshot) return std::unexpected(snapshot.error());
        return opened("snapshot " + options.from, nullptr, std::move(*snapshot));
    }
    if (!options.image.empty()) {
        auto archive = image::ArchiveReader::open(options.image, {});
        if (!archive) return std::unexpected(archive.error());
        return opened("archive " + options.image, nullptr, std::move(*archive));
    }
    auto address = world::find_engine({.host = options.host.empty() ? std::nullopt : std::optional(options.host), .environment = environment});
    if (!address) return std::unexpected(address.error());
    std::string place = "engine " + address->text();
    auto live = std::make_unique<world::LiveReader>(world::LiveOptions{.engine = std::move(*address), .show_values = options.show_values});
    // Without a cache images are read anew; that is slow and no more.
    std::shared_ptr<world::CacheFolder> cache;
    if (auto folder = world::CacheFolder::open(world::default_cache_path())) cache = std::move(*folder);
    auto reader = std::make_unique<image::ContentReader>(*live, *live, image::ContentOptions{.cache = std::move(cache), .on_reading = {}, .limits = {}});
    return opened(std::move(place), std::move(live), std::move(reader));
}

}  // namespace bulkhead::extension
