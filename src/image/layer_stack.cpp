// SPDX-License-Identifier: Apache-2.0
#include "image/layer_stack.h"

#include "base/text.h"

namespace bulkhead::image {

namespace {

constexpr int links_followed_max = 40;  // as the kernel's ELOOP

std::string_view above(std::string_view path) {
    const std::size_t slash = path.rfind('/');
    return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
}

// "var/lib/rpm" with a link to "../../usr/lib/x" -> "usr/lib/x"; nothing leads above the root.
std::string target_of(std::string_view path, std::string_view link) {
    std::vector<std::string_view> parts;
    if (!link.starts_with('/')) {
        for (const std::string_view part : text::split(above(path), '/')) {
            if (!part.empty()) parts.push_back(part);
        }
    }
    for (const std::string_view part : text::split(link, '/')) {
        if (part.empty() || part == ".") continue;
        if (part == "..") {
            if (!parts.empty()) parts.pop_back();
        } else {
            parts.push_back(part);
        }
    }
    std::string out;
    for (const std::string_view part : parts) out += (out.empty() ? "" : "/") + std::string(part);
    return out;
}

}  // namespace

LayerStack::LayerStack(const std::vector<const LayerContent*>& layers, const std::vector<std::string>& paths) {
    for (const std::string& path : paths) {
        for (std::string_view part = path; !part.empty() && wanted_.emplace(part).second;) part = above(part);
    }
    layers_.resize(layers.size());
    for (std::size_t i = 0; i < layers.size(); ++i) {
        for (const LayerFile& file : layers[i]->files) {
            if (!file.path.empty() && !wanted_.contains(file.path)) continue;  // an opaque root has the empty path
            Here& here = layers_[i][file.path];
            if (file.type == FileType::whiteout) {
                here.whiteout = true;
            } else if (file.type == FileType::opaque) {
                here.opaque = true;
            } else {
                here.file = &file;
            }
        }
    }
}

const LayerStack::Here* LayerStack::here(std::size_t layer, std::string_view path) const {
    const auto found = layers_[layer].find(path);
    return found == layers_[layer].end() ? nullptr : &found->second;
}

std::optional<std::size_t> LayerStack::hidden_by(std::string_view path, std::size_t layer) const {
    for (std::size_t upper = layer + 1; upper < layers_.size(); ++upper) {
        if (layers_[upper].empty()) continue;
        if (const Here* same = here(upper, path); same != nullptr && (same->whiteout || same->file != nullptr)) return upper;
        if (path.empty()) continue;
        for (std::string_view part = above(path);; part = above(part)) {
            const Here* folder = here(upper, part);
            if (folder != nullptr && (folder->whiteout || folder->opaque)) return upper;
            if (folder != nullptr && folder->file != nullptr && folder->file->type != FileType::directory) return upper;
            if (part.empty()) break;
        }
    }
    return std::nullopt;
}

std::optional<LayerStack::Found> LayerStack::at(std::string_view path) const {
    for (std::size_t layer = layers_.size(); layer-- > 0;) {
        const Here* found = here(layer, path);
        if (found == nullptr || found->file == nullptr) continue;
        if (hidden_by(path, layer)) return std::nullopt;  // what hides it lies above, and has nothing here itself
        return Found{layer, found->file};
    }
    return std::nullopt;
}

std::string LayerStack::resolved(std::string_view path) const {
    std::string now(path);
    for (int followed = 0; followed < links_followed_max; ++followed) {
        std::optional<std::string> next;
        for (std::size_t end = now.find('/'); !next; end = now.find('/', end + 1)) {
            const std::string part = now.substr(0, end);
            const auto found = at(part);
            if (found && found->file->type == FileType::symlink) {
                next = target_of(part, found->file->link);
                if (end != std::string::npos) *next += now.substr(end);
                while (next->starts_with('/')) next->erase(0, 1);
            }
            if (end == std::string::npos) break;
        }
        if (!next) return now;
        now = std::move(*next);
    }
    return now;
}

}  // namespace bulkhead::image
