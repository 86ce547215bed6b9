// SPDX-License-Identifier: Apache-2.0
#include "tables/image_rows.h"

#include <algorithm>
#include <map>

namespace bulkhead::tables {

namespace {

struct Wanted {
    std::vector<std::string> ids;
    std::map<std::string, std::string> names;
};

Wanted wanted_of(Scan& scan) {
    auto& engine = scan.facts().engine;
    Wanted wanted;
    const auto only = scan.wanted("image_id");
    // One image's content needs no list; its name does, and does without where there is none.
    const auto& images = only ? engine.images().items : items_of(scan, engine.images());
    for (const engine::Image& image : images) {
        if (only && image.id != *only) continue;
        wanted.ids.push_back(image.id);
        wanted.names[image.id] = image.display_name();
    }
    if (only) {
        if (wanted.ids.empty()) wanted.ids.push_back(*only);
        return wanted;
    }
    // An image that lost its name while containers of it live.
    for (const engine::ContainerSummary& container : items_of(scan, engine.container_summaries())) {
        if (container.image_id.empty() || !wanted.names.emplace(container.image_id, container.image).second) continue;
        wanted.ids.push_back(container.image_id);
    }
    return wanted;
}

}  // namespace

std::vector<ImageRef> images_wanted(Scan& scan) {
    Wanted wanted = wanted_of(scan);
    std::vector<ImageRef> refs;
    for (const image::ImageFacts* image : scan.facts().images().content(wanted.ids)) {
        for (const auto& problem : image->problems) scan.failed(problem.locator, problem.reason, problem.image_id);
        if (!image->known) continue;
        const auto name = wanted.names.find(image->id);
        refs.push_back({image, name == wanted.names.end() ? image->id : name->second});
    }
    return refs;
}

std::vector<ImageRef> whole_images_wanted(Scan& scan) {
    auto refs = images_wanted(scan);
    std::erase_if(refs, [](const ImageRef& ref) { return !ref.image->problems.empty(); });
    return refs;
}

void report(Scan& scan, const ImageRef& ref, const std::vector<image::LayerProblem>& problems) {
    for (const auto& problem : problems) scan.failed(ref.image->locator, "/" + problem.path + ": " + problem.reason, ref.image->id);
}

}  // namespace bulkhead::tables
