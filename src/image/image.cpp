// SPDX-License-Identifier: Apache-2.0
#include "image/image.h"

#include <fmt/format.h>

#include "base/text.h"
#include "image/layer_stream.h"
#include "image/secret_json.h"
#include "world/redact.h"

namespace bulkhead::image {

namespace {

std::vector<std::string> shown(const std::vector<std::string>& values) {
    std::vector<std::string> out;
    for (const std::string& value : values) out.push_back(world::redact_text(text::printable(value)));
    return out;
}

std::vector<std::string> keys(const json::Value& object) {
    std::vector<std::string> names;
    for (auto& [key, unused] : object.members()) names.push_back(text::printable(key));
    return names;
}

std::string shown(const json::Value& value) { return text::printable(value.text_or()); }

void add_secrets(ImageConfig& image, std::string_view place, std::int64_t step, std::vector<Secret> secrets) {
    for (Secret& secret : secrets) image.secrets.push_back({std::string(place), step, std::move(secret)});
}

void take_env(ImageConfig& image, const json::Value& env) {
    for (const std::string& entry : env.texts()) {
        const std::size_t equals = std::min(entry.find('='), entry.size());
        const std::string name = entry.substr(0, equals);
        image.env_names.push_back(text::printable(name));
        if (equals < entry.size()) add_secrets(image, "env", 0, find_secrets_in_setting(name, std::string_view(entry).substr(equals + 1)));
    }
}

void take_labels(ImageConfig& image, const json::Value& labels) {
    for (const auto& [key, value] : labels.members()) {
        const std::string text = value.text_or();
        add_secrets(image, "label", 0, find_secrets_in_setting(key, text));
        image.labels[text::printable(key)] = world::looks_secret(key) ? std::string(world::redaction_mark) : world::redact_text(text::printable(text));
    }
}

// "ENV A=1 B=2" and "ARG A=1" name settings; the same values stand in the environment, which is told already.
void take_history(ImageConfig& image, const json::Value& history) {
    std::int64_t step = 0;
    for (const json::Value& item : history.items()) {
        const std::string line = item["created_by"].text_or();
        const bool sets_env = line.find("#(nop)") != std::string::npos ? line.find(" ENV ") != std::string::npos : line.starts_with("ENV ");
        const bool sets_label = line.starts_with("LABEL ") || line.find("#(nop)  LABEL ") != std::string::npos;
        if (!sets_env && !sets_label) add_secrets(image, "history", step, find_secrets_in_text(line));
        image.history.push_back(
            {shown(item["created"]), world::redact_build_step(text::printable(line)), shown(item["comment"]), item["empty_layer"].boolean_or(false)});
        ++step;
    }
}

}  // namespace

Result<ImageConfig> parse_config(std::string_view bytes, const Limits& limits) {
    const auto document = json::Document::parse(bytes);
    if (!document) return std::unexpected(document.error());
    const json::Value root = document->root();
    const json::Value layers = root["rootfs"]["diff_ids"];
    if (!layers.is_array() && !root["config"].is_object()) return fail(Code::corrupt, "not the configuration of an image");
    ImageConfig image;
    image.config_digest = sha256_text(bytes);
    image.id = image.config_digest;
    image.created = shown(root["created"]);
    image.author = shown(root["author"]);
    image.architecture = shown(root["architecture"]);
    image.os = shown(root["os"]);
    const json::Value config = root["config"];
    image.user = shown(config["User"]);
    image.working_dir = shown(config["WorkingDir"]);
    image.stop_signal = shown(config["StopSignal"]);
    take_env(image, config["Env"]);
    image.exposed_ports = keys(config["ExposedPorts"]);
    image.volumes = keys(config["Volumes"]);
    image.entrypoint = shown(config["Entrypoint"].texts());
    image.cmd = shown(config["Cmd"].texts());
    image.healthcheck_test = shown(config["Healthcheck"]["Test"].texts());
    image.onbuild = shown(config["OnBuild"].texts());
    image.shell = shown(config["Shell"].texts());
    take_labels(image, config["Labels"]);
    take_history(image, root["history"]);
    image.layers = layers.texts();
    if (image.layers.size() != layers.items().size()) return fail(Code::corrupt, "a layer without a digest");
    if (image.layers.size() > limits.layers_max) {
        return fail(Code::limit_exceeded, fmt::format("the image has more than layers_max = {} layers", limits.layers_max));
    }
    for (const std::string& layer : image.layers) {
        if (!is_digest(layer)) return fail(Code::corrupt, "a layer whose digest is not sha256: " + text::printable(layer.substr(0, 80)));
    }
    return image;
}

std::string write_image(const ImageConfig& image) {
    ObjectWriter labels;
    for (const auto& [key, value] : image.labels) labels.raw(key, json::quote(value));
    return ObjectWriter()
        .text("id", image.id)
        .text("config_digest", image.config_digest)
        .texts("names", image.names)
        .text("created", image.created)
        .text("author", image.author)
        .text("architecture", image.architecture)
        .text("os", image.os)
        .text("user", image.user)
        .text("working_dir", image.working_dir)
        .text("stop_signal", image.stop_signal)
        .texts("env_names", image.env_names)
        .texts("exposed_ports", image.exposed_ports)
        .texts("volumes", image.volumes)
        .texts("entrypoint", image.entrypoint)
        .texts("cmd", image.cmd)
        .texts("healthcheck_test", image.healthcheck_test)
        .texts("onbuild", image.onbuild)
        .texts("shell", image.shell)
        .raw("labels", labels.take())
        .texts("layers", image.layers)
        .list("history", image.history,
              [](const BuildStep& one) {
                  return ObjectWriter()
                      .text("created", one.created)
                      .text("created_by", one.created_by)
                      .text("comment", one.comment)
                      .flag("empty_layer", one.empty_layer)
                      .take();
              })
        .list("secrets", image.secrets,
              [](const ConfigSecret& one) {
                  return ObjectWriter().text("place", one.place).number("step", one.step).raw("secret", write_secret(one.secret)).take();
              })
        .take();
}

Result<ImageConfig> parse_image(std::string_view json) {
    const auto document = json::Document::parse(json);
    if (!document) return std::unexpected(document.error());
    const json::Value root = document->root();
    ImageConfig image;
    image.id = root["id"].text_or();
    if (image.id.empty()) return fail(Code::corrupt, "not what an image is made of");
    image.config_digest = root["config_digest"].text_or();
    image.names = root["names"].texts();
    image.created = root["created"].text_or();
    image.author = root["author"].text_or();
    image.architecture = root["architecture"].text_or();
    image.os = root["os"].text_or();
    image.user = root["user"].text_or();
    image.working_dir = root["working_dir"].text_or();
    image.stop_signal = root["stop_signal"].text_or();
    image.env_names = root["env_names"].texts();
    image.exposed_ports = root["exposed_ports"].texts();
    image.volumes = root["volumes"].texts();
    image.entrypoint = root["entrypoint"].texts();
    image.cmd = root["cmd"].texts();
    image.healthcheck_test = root["healthcheck_test"].texts();
    image.onbuild = root["onbuild"].texts();
    image.shell = root["shell"].texts();
    for (const auto& [key, value] : root["labels"].members()) image.labels[key] = value.text_or();
    image.layers = root["layers"].texts();
    for (const json::Value& one : root["history"].items()) {
        image.history.push_back({one["created"].text_or(), one["created_by"].text_or(), one["comment"].text_or(), one["empty_layer"].boolean_or(false)});
    }
    for (const json::Value& one : root["secrets"].items()) {
        image.secrets.push_back({one["place"].text_or(), one["step"].integer_or(0), read_secret(one["secret"])});
    }
    return image;
}

}  // namespace bulkhead::image
