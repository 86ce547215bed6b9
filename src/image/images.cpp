// SPDX-License-Identifier: Apache-2.0
#include "image/images.h"

#include <fmt/format.h>

#include "image/layer_json.h"

namespace bulkhead::image {

namespace {

std::string reason_of(const world::Reading& reading) { return fmt::format("{}: {}", name(reading.outcome), reading.reason); }

}  // namespace

std::vector<const ImageFacts*> Images::content(const std::vector<std::string>& ids) {
    std::vector<std::string> fresh;
    std::vector<world::Request> requests;
    for (const std::string& id : ids) {
        if (images_.contains(id)) continue;
        images_.emplace(id, nullptr);
        fresh.push_back(id);
        requests.push_back(world::image_content(id));
    }
    const auto readings = world_.read_all(requests);
    for (std::size_t i = 0; i < fresh.size(); ++i) images_[fresh[i]] = std::make_unique<ImageFacts>(read(fresh[i], *readings[i]));
    std::vector<const ImageFacts*> out;
    out.reserve(ids.size());
    for (const std::string& id : ids) out.push_back(images_[id].get());
    return out;
}

ImageFacts Images::read(const std::string& id, const world::Reading& reading) {
    ImageFacts image;
    image.id = id;
    image.locator = reading.locator;
    if (reading.absent()) {
        image.vanished = true;
        return image;
    }
    if (!reading.present()) {
        image.problems.push_back({reading.locator, reason_of(reading), id});
        return image;
    }
    auto config = parse_image(reading.bytes);
    if (config && config->id != id) config = fail(Code::corrupt, "the answer is about another image");
    if (!config) {
        image.problems.push_back({reading.locator, fmt::format("{}: {}", bulkhead::name(config.error().code), config.error().message), id});
        return image;
    }
    image.config = std::move(*config);
    image.known = true;
    std::vector<world::Request> requests;
    for (const std::string& digest : image.config.layers) requests.push_back(world::image_layer(digest));
    take_layers(image, world_.read_all(requests));
    return image;
}

void Images::take_layers(ImageFacts& image, const std::vector<world::ReadingPtr>& readings) {
    std::vector<LayerContent> contents;
    for (std::size_t i = 0; i < readings.size(); ++i) {
        const std::string& digest = image.config.layers[i];
        auto& known = layers_[digest];
        if (!known && readings[i]->present()) {
            auto parsed = parse_layer(readings[i]->bytes);
            if (parsed && parsed->digest != digest) parsed = fail(Code::corrupt, "the answer is about another layer");
            if (parsed) {
                known = std::make_shared<const LayerContent>(std::move(*parsed));
            } else {
                image.problems.push_back({readings[i]->locator, fmt::format("{}: {}", bulkhead::name(parsed.error().code), parsed.error().message), image.id});
            }
        } else if (!known) {
            image.problems.push_back({readings[i]->locator, reason_of(*readings[i]), image.id});
        }
        image.layers.push_back({digest, readings[i]->locator, known});
    }
    // With a layer missing nothing can be said about what is there in the end: it may have deleted or replaced all of it.
    if (!image.problems.empty()) {
        image.layers.clear();
        return;
    }
    std::vector<const LayerContent*> stack;
    for (const LayerFacts& layer : image.layers) stack.push_back(layer.content.get());
    image.view = view_of(stack);
}

}  // namespace bulkhead::image
