// SPDX-License-Identifier: Apache-2.0
#include "engine/image.h"

namespace bulkhead::engine {

namespace {

constexpr std::string_view untagged = "<none>:<none>";

Result<Image> image_from(const json::Value& item) {
    auto id = identity(item);
    if (!id) return std::unexpected(id.error());
    Image image;
    image.id = std::move(*id);
    image.parent_id = item["ParentId"].text_or();
    image.repo_tags = item["RepoTags"].texts();
    std::erase(image.repo_tags, untagged);  // engines before 24 name untagged images so
    image.repo_digests = item["RepoDigests"].texts();
    image.created = item["Created"].integer_or(0);
    image.size = item["Size"].integer_or(0);
    image.virtual_size = item["VirtualSize"].integer_or(image.size);
    image.shared_size = item["SharedSize"].integer_or(-1);
    image.containers = item["Containers"].integer_or(-1);
    image.labels = text_map(item["Labels"]);
    return image;
}

Result<HistoryEntry> history_from(const json::Value& item) {
    if (!item.is_object()) return fail(Code::corrupt, "not a JSON object");
    return HistoryEntry{.id = item["Id"].text_or(),
                        .created = item["Created"].integer_or(0),
                        .created_by = item["CreatedBy"].text_or(),
                        .size = item["Size"].integer_or(0),
                        .tags = item["Tags"].texts(),
                        .comment = item["Comment"].text_or()};
}

std::vector<std::string> keys(const json::Value& object) {
    std::vector<std::string> names;
    for (auto& [key, unused] : object.members()) names.push_back(key);
    return names;
}

}  // namespace

std::string Image::display_name() const {
    if (!repo_tags.empty()) return repo_tags.front();
    return repo_digests.empty() ? id : repo_digests.front();
}

Result<std::vector<Image>> parse_image_list(std::string_view bytes) { return parse_list<Image>(bytes, image_from); }

Result<ImageDetail> parse_image(std::string_view bytes) {
    const auto document = parse_object(bytes);
    if (!document) return std::unexpected(document.error());
    const json::Value root = document->root();
    auto id = identity(root);
    if (!id) return std::unexpected(id.error());
    const json::Value config = root["Config"];
    ImageDetail image;
    image.id = std::move(*id);
    image.created = root["Created"].text_or();
    image.author = root["Author"].text_or();
    image.architecture = root["Architecture"].text_or();
    image.os = root["Os"].text_or();
    image.user = config["User"].text_or();
    image.healthcheck_test = config["Healthcheck"]["Test"].texts();
    for (const std::string& entry : config["Env"].texts()) image.env_names.push_back(entry.substr(0, entry.find('=')));
    image.exposed_ports = keys(config["ExposedPorts"]);
    image.volumes = keys(config["Volumes"]);
    image.entrypoint = config["Entrypoint"].texts();
    image.cmd = config["Cmd"].texts();
    image.layers = root["RootFS"]["Layers"].texts();
    return image;
}

Result<std::vector<HistoryEntry>> parse_history(std::string_view bytes) { return parse_list<HistoryEntry>(bytes, history_from); }

}  // namespace bulkhead::engine
