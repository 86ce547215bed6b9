// SPDX-License-Identifier: Apache-2.0
#include "image/archive_reader.h"

#include <fmt/format.h>

#include "image/json_writer.h"
#include "world/live/file_stream.h"

namespace bulkhead::image {

namespace {

std::int64_t seconds_of(const std::string& time) { return parse_rfc3339(time).value_or(0) / 1000; }

// As the engine would list and inspect them; environment values are not there to be shown.
std::string listed(const ImageConfig& image) {
    return ObjectWriter().text("Id", image.id).texts("RepoTags", image.names).number("Created", seconds_of(image.created)).take();
}

std::string keys_object(const std::vector<std::string>& keys) {
    ObjectWriter object;
    for (const std::string& key : keys) object.raw(key, "{}");
    return object.take();
}

std::string inspected(const ImageConfig& image) {
    ObjectWriter labels;
    for (const auto& [key, value] : image.labels) labels.raw(key, json::quote(value));
    const std::string config = ObjectWriter()
                                   .text("User", image.user)
                                   .texts("Env", image.env_names)
                                   .texts("Entrypoint", image.entrypoint)
                                   .texts("Cmd", image.cmd)
                                   .raw("ExposedPorts", keys_object(image.exposed_ports))
                                   .raw("Volumes", keys_object(image.volumes))
                                   .raw("Healthcheck", ObjectWriter().texts("Test", image.healthcheck_test).take())
                                   .raw("Labels", labels.take())
                                   .take();
    return ObjectWriter()
        .text("Id", image.id)
        .texts("RepoTags", image.names)
        .text("Created", image.created)
        .text("Author", image.author)
        .text("Architecture", image.architecture)
        .text("Os", image.os)
        .raw("Config", config)
        .raw("RootFS", ObjectWriter().texts("Layers", image.layers).take())
        .take();
}

std::string history(const ImageConfig& image) {
    std::string out = "[";
    for (auto step = image.history.rbegin(); step != image.history.rend(); ++step) {  // newest first
        if (out.size() > 1) out += ',';
        out += ObjectWriter()
                   .text("Id", "<missing>")
                   .number("Created", seconds_of(step->created))
                   .text("CreatedBy", step->created_by)
                   .text("Comment", step->comment)
                   .take();
    }
    return out + "]";
}

}  // namespace

ArchiveReader::ArchiveReader(const ArchiveContent& content) : read_at_(now_ms()) {
    const auto set = [this](const world::Request& request, std::string bytes) {
        const std::string key = world::locator(request);
        readings_[key] = {key, world::Outcome::present, std::move(bytes), "", read_at_};
    };
    std::string list = "[";
    for (const ArchivedImage& image : content.images) {
        const ImageConfig& config = image.config;
        if (list.size() > 1) list += ',';
        list += listed(config);
        set(world::engine_get("/images/" + config.id + "/json"), inspected(config));
        set(world::engine_get("/images/" + config.id + "/history"), history(config));
        set(world::image_content(config.id), write_image(config));
        for (const std::string& digest : config.layers) {
            if (content.layers.contains(digest)) continue;
            const std::string key = world::locator(world::image_layer(digest));
            readings_[key] = {key, world::Outcome::failed, "", content.why_missing(digest), read_at_};
        }
    }
    set(world::engine_get("/images/json?all=0"), list + "]");
    set(world::engine_get("/containers/json?all=1"), "[]");
    for (const auto& [digest, layer] : content.layers) set(world::image_layer(digest), layer);
}

Result<std::unique_ptr<ArchiveReader>> ArchiveReader::open(const std::string& path, const Limits& limits) {
    const auto folder = world::is_folder(path);
    if (!folder) return std::unexpected(folder.error());
    Result<ArchiveContent> content;
    if (*folder) {
        auto files = world::open_folder_files(path);
        if (!files) return std::unexpected(files.error());
        content = scan_archive(**files, limits);
    } else {
        auto stream = world::open_file_stream(path);
        if (!stream) return std::unexpected(stream.error());
        content = scan_archive(**stream, limits);
    }
    if (!content) return std::unexpected(content.error().in(path));
    return std::unique_ptr<ArchiveReader>(new ArchiveReader(*content));
}

world::Reading ArchiveReader::read(const world::Request& request) {
    const std::string key = world::locator(request);
    if (const auto found = readings_.find(key); found != readings_.end()) return found->second;
    return {key, world::Outcome::failed, "", std::string(archive_has_no_engine), read_at_};
}

}  // namespace bulkhead::image
