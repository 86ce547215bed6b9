// SPDX-License-Identifier: Apache-2.0
#include "image/content_reader.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "image/layer_json.h"
#include "image/layer_stream.h"

namespace bulkhead::image {

namespace {

// What is found in a layer changes with the program: results of other ways of looking have other names.
constexpr std::string_view scan_version = "1";

std::string cache_name(std::string_view kind, std::string_view digest) {
    return fmt::format("{}-{}-{}", kind, scan_version, digest.substr(digest.find(':') + 1));
}

world::Outcome outcome_of(Code code) {
    switch (code) {
        case Code::permission_denied: return world::Outcome::denied;
        case Code::not_found: return world::Outcome::absent;
        default: return world::Outcome::failed;
    }
}

}  // namespace

ContentReader::ContentReader(world::Reader& inner, world::ImageExports& exports, ContentOptions options)
    : inner_(inner), exports_(exports), options_(std::move(options)) {}

world::Reading ContentReader::read(const world::Request& request) {
    if (request.kind != world::Kind::image && request.kind != world::Kind::image_layer) return inner_.read(request);
    world::Reading reading{world::locator(request), world::Outcome::present, "", "", now_ms()};
    auto found = options_.left_out                    ? std::unexpected(Error{Code::unsupported, std::string(world::image_content_left_out)})
                 : request.kind == world::Kind::image ? image(request.target)
                                                      : layer(request.target);
    if (found) {
        reading.bytes = std::move(*found);
    } else {
        reading.outcome = outcome_of(found.error().code);
        reading.reason = found.error().message;
    }
    // A layer that was not found is none that is proved not to be.
    if (request.kind == world::Kind::image_layer && reading.outcome == world::Outcome::absent) reading.outcome = world::Outcome::failed;
    return reading;
}

std::optional<std::string> ContentReader::cached_layer(const std::string& digest) {
    auto bytes = options_.cache->get(cache_name("layer", digest));
    if (!bytes) return std::nullopt;
    const auto layer = parse_layer(*bytes);
    if (!layer || layer->digest != digest) return std::nullopt;
    return bytes;
}

// Of use only with all its layers.
std::optional<std::string> ContentReader::cached_image(const std::string& id) {
    if (!options_.cache || !is_digest(id)) return std::nullopt;
    auto bytes = options_.cache->get(cache_name("image", id));
    if (!bytes) return std::nullopt;
    const auto image = parse_image(*bytes);
    if (!image || image->id != id) return std::nullopt;
    std::map<std::string, std::string> found;
    for (const std::string& digest : image->layers) {
        {
            const std::scoped_lock lock(mutex_);
            if (const auto known = layers_.find(digest); known != layers_.end() && known->second) continue;
        }
        auto layer = is_digest(digest) ? cached_layer(digest) : std::nullopt;
        if (!layer) return std::nullopt;
        found.emplace(digest, std::move(*layer));
    }
    const std::scoped_lock lock(mutex_);
    for (auto& [digest, layer] : found) layers_[digest] = std::move(layer);
    return bytes;
}

Result<std::string> ContentReader::image(const std::string& id) {
    if (auto cached = cached_image(id)) return std::move(*cached);
    if (options_.on_reading) options_.on_reading(id);
    auto stream = exports_.open_image(id);
    if (!stream) return std::unexpected(stream.error());
    const auto content = scan_archive(**stream, options_.limits);
    if (!content) return std::unexpected(content.error());
    const ArchivedImage* found = content->find(id);
    if (found == nullptr) return fail(Code::corrupt, "the engine's export holds another image");
    return keep(id, *found, *content);
}

std::string ContentReader::keep(const std::string& id, const ArchivedImage& image, const ArchiveContent& content) {
    ImageConfig config = image.config;
    config.id = id;
    config.names.clear();  // the engine says which tags it has now
    std::string bytes = write_image(config);
    bool whole = true;
    const std::scoped_lock lock(mutex_);
    for (const std::string& digest : config.layers) {
        const auto layer = content.layers.find(digest);
        if (layer == content.layers.end()) {
            whole = false;
            layers_.emplace(digest, fail(Code::corrupt, content.why_missing(digest)));
            continue;
        }
        layers_[digest] = layer->second;
        if (options_.cache) options_.cache->put(cache_name("layer", digest), layer->second);
    }
    if (whole && options_.cache && is_digest(id)) options_.cache->put(cache_name("image", id), bytes);
    return bytes;
}

Result<std::string> ContentReader::layer(const std::string& digest) {
    const std::scoped_lock lock(mutex_);
    const auto found = layers_.find(digest);
    if (found == layers_.end()) return fail(Code::unavailable, "no image that has this layer was read");
    auto bytes = std::move(found->second);
    layers_.erase(found);  // World keeps readings; a second copy is of no use
    return bytes;
}

}  // namespace bulkhead::image
