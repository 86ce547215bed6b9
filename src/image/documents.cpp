// SPDX-License-Identifier: Apache-2.0
#include "image/documents.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/json.h"
#include "base/text.h"
#include "image/layer.h"
#include "image/layer_stream.h"

namespace bulkhead::image {

namespace {

constexpr std::size_t names_per_image_max = 1000;

std::string short_text(std::string_view value) { return text::printable(value.substr(0, 120)); }

// "sha256:0123..." of "blobs/sha256/0123..." or "0123....json"; empty where the name promises no digest.
std::string promised_digest(std::string_view name) {
    name = name.substr(name.rfind('/') + 1);
    if (name.ends_with(".json")) name.remove_suffix(5);
    std::string digest = "sha256:" + std::string(name);
    return is_digest(digest) ? digest : std::string();
}

}  // namespace

Result<void> Documents::add(std::string name, std::string bytes) {
    bytes_ += bytes.size();
    if (bytes_ > limits_.documents_bytes_max) {
        return fail(Code::limit_exceeded, fmt::format("the archive's documents have more than documents_bytes_max = {} bytes", limits_.documents_bytes_max));
    }
    const std::string& kept = documents_.emplace_back(std::move(bytes));
    by_digest_[sha256_text(kept)] = &kept;
    by_name_[std::move(name)] = &kept;
    return {};
}

const std::string* Documents::named(const std::string& name) const {
    const auto found = by_name_.find(name);
    return found == by_name_.end() ? nullptr : found->second;
}

const std::string* Documents::of_digest(const std::string& digest) const {
    const auto found = by_digest_.find(digest);
    return found == by_digest_.end() ? nullptr : found->second;
}

class Documents::Collector {
  public:
    Collector(const Documents& documents, std::vector<std::string>& problems) : documents_(documents), problems_(problems) {}

    // [{"Config": PATH, "RepoTags": [NAME], "Layers": [PATH]}]
    void docker_manifest(std::string_view bytes) {
        const auto document = json::Document::parse(bytes);
        if (!document || !document->root().is_array()) return problem("manifest.json is no list of images");
        for (const json::Value& item : document->root().items()) {
            const std::string where = item["Config"].text_or();
            const auto path = plain_path(where, documents_.limits_);
            const std::string* config = path ? documents_.named(*path) : nullptr;
            if (config == nullptr) {
                problem("the configuration " + short_text(where) + " is missing");
                continue;
            }
            const std::string promised = promised_digest(*path);
            if (!promised.empty() && promised != sha256_text(*config)) {
                problem("the configuration " + short_text(where) + " is not what its name says");
                continue;
            }
            add(*config, item["RepoTags"].texts(), {});
        }
    }

    // index.json, an index in it, or a manifest (OCI image-spec image-index.md, manifest.md; Docker's have the same keys).
    void oci(std::string_view bytes, const std::vector<std::string>& names, const std::vector<std::string>& digests, std::size_t depth) {
        if (depth > documents_.limits_.index_depth_max) {
            return problem(fmt::format("an index lies deeper than index_depth_max = {}", documents_.limits_.index_depth_max));
        }
        const auto document = json::Document::parse(bytes);
        if (!document || !document->root().is_object()) return problem("an index that is no JSON object");
        const json::Value root = document->root();
        if (root["config"].is_object()) {
            const std::string digest = root["config"]["digest"].text_or();
            const std::string* config = documents_.of_digest(digest);
            if (config == nullptr) return problem("the configuration " + short_text(digest) + " is missing");
            return add(*config, names, digests);
        }
        for (const json::Value& item : root["manifests"].items()) {
            const json::Value notes = item["annotations"];
            // Notes about how another image was built (BuildKit's attestations) are stored as images that nobody can run.
            if (notes["vnd.docker.reference.type"].exists() || item["platform"]["os"].text_or() == "unknown") continue;
            if (++followed_ > documents_.limits_.images_max) return problem(fmt::format("more than images_max = {} images", documents_.limits_.images_max));
            const std::string digest = item["digest"].text_or();
            const std::string* next = documents_.of_digest(digest);
            if (next == nullptr) {
                problem("the manifest " + short_text(digest) + " is missing");
                continue;
            }
            std::vector<std::string> below = names;
            std::string name = notes["io.containerd.image.name"].text_or();
            if (name.empty()) name = notes["org.opencontainers.image.ref.name"].text_or();
            if (!name.empty()) below.push_back(name);
            std::vector<std::string> above = digests;
            above.push_back(digest);
            oci(*next, below, above, depth + 1);
        }
    }

    std::vector<ArchivedImage> take() { return std::move(images_); }

  private:
    void add(const std::string& bytes, const std::vector<std::string>& names, const std::vector<std::string>& digests) {
        auto config = parse_config(bytes, documents_.limits_);
        if (!config) return problem("a configuration that cannot be read: " + config.error().message);
        auto known = std::ranges::find_if(images_, [&](const ArchivedImage& one) { return one.config.id == config->id; });
        if (known == images_.end()) {
            if (images_.size() == documents_.limits_.images_max) return problem(fmt::format("more than images_max = {} images", documents_.limits_.images_max));
            const std::string id = config->id;
            images_.push_back({std::move(*config), {id}});
            known = images_.end() - 1;
        }
        for (const std::string& name : names) note(known->config.names, text::printable(name));
        for (const std::string& digest : digests) note(known->digests, digest);
    }
    static void note(std::vector<std::string>& list, std::string value) {
        if (list.size() < names_per_image_max && std::ranges::find(list, value) == list.end()) list.push_back(std::move(value));
    }
    void problem(std::string what) {
        if (problems_.size() < documents_.limits_.problems_max) problems_.push_back(std::move(what));
    }

    const Documents& documents_;
    std::vector<std::string>& problems_;
    std::vector<ArchivedImage> images_;
    std::size_t followed_ = 0;
};

Result<std::vector<ArchivedImage>> Documents::images(std::vector<std::string>& problems) const {
    Collector collector(*this, problems);
    const std::string* manifest = named("manifest.json");
    const std::string* index = named("index.json");
    if (manifest == nullptr && index == nullptr) {
        return fail(Code::corrupt,
                    "no archive of images: it has neither manifest.json nor index.json" + (problems.empty() ? "" : " that can be read: " + problems.front()));
    }
    if (manifest != nullptr) collector.docker_manifest(*manifest);
    if (index != nullptr) collector.oci(*index, {}, {}, 0);
    auto images = collector.take();
    if (images.empty())
        return fail(Code::corrupt, problems.empty() ? "the archive has no image" : "the archive has no image that can be read: " + problems.front());
    return images;
}

}  // namespace bulkhead::image
