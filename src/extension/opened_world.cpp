// SPDX-License-Identifier: Apache-2.0
#include "extension/opened_world.h"

#include "history/history_reader.h"
#include "history/writer.h"
#include "image/archive_reader.h"
#include "image/content_reader.h"
#include "world/live/cache_folder.h"
#include "world/live/docker_context.h"
#include "world/live/live_reader.h"
#include "world/snapshot/snapshot.h"

namespace bulkhead::extension {

OpenedWorld::OpenedWorld(std::string place, Readers readers)
    : place_(std::move(place)), readers_(std::move(readers)), world_(*readers_.back()), facts_(world_) {}

Result<std::unique_ptr<OpenedWorld>> OpenedWorld::open(const Options& options, const Environment& environment) {
    const auto opened = [&](std::string place, Readers readers) {
        std::unique_ptr<OpenedWorld> world(new OpenedWorld(std::move(place), std::move(readers)));
        world->facts_.show_values = options.show_values;
        return world;
    };
    if (!options.from.empty()) {
        auto snapshot = world::SnapshotReader::open(options.from);
        if (!snapshot) return std::unexpected(snapshot.error());
        Readers readers;
        readers.push_back(std::move(*snapshot));
        return opened("snapshot " + options.from, std::move(readers));
    }
    if (!options.image.empty()) {
        auto archive = image::ArchiveReader::open(options.image, {});
        if (!archive) return std::unexpected(archive.error());
        Readers readers;
        readers.push_back(std::move(*archive));
        return opened("archive " + options.image, std::move(readers));
    }
    auto address = world::find_engine({.host = options.host.empty() ? std::nullopt : std::optional(options.host), .environment = environment});
    if (!address) return std::unexpected(address.error());
    std::string place = "engine " + address->text();
    const bool here = address->is_unix();
    auto live = std::make_unique<world::LiveReader>(world::LiveOptions{.engine = std::move(*address), .show_values = options.show_values});
    // Without a cache images are read anew; that is slow and no more.
    std::shared_ptr<world::CacheFolder> cache;
    if (auto folder = world::CacheFolder::open(world::default_cache_path())) cache = std::move(*folder);
    world::LiveReader& below = *live;
    Readers readers;
    readers.push_back(std::move(live));
    // The history of this machine says nothing about an engine elsewhere.
    if (here) readers.push_back(std::make_unique<history::HistoryReader>(below, std::string(history::default_folder)));
    readers.push_back(
        std::make_unique<image::ContentReader>(*readers.back(), below, image::ContentOptions{.cache = std::move(cache), .on_reading = {}, .limits = {}}));
    return opened(std::move(place), std::move(readers));
}

}  // namespace bulkhead::extension
