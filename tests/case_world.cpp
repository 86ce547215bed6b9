// SPDX-License-Identifier: Apache-2.0
#include "tests/case_world.h"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <boost/json.hpp>
#include <fstream>
#include <stdexcept>

#include "audit/attestations.h"
#include "base/text.h"
#include "tests/netlink_yaml.h"

namespace bulkhead::tests {

namespace {

namespace json = boost::json;

[[noreturn]] void broken(const std::string& file, const YAML::Node& node, const std::string& what) {
    throw std::runtime_error(fmt::format("{}:{}: {}", file, node.Mark().line + 1, what));
}

// The readings of a world before they become bytes: JSON stays JSON, so that a case can patch it.
struct Draft {
    std::map<std::string, json::value> documents;
    std::map<std::string, std::string> texts;
    std::map<std::string, std::pair<world::Outcome, std::string>> outcomes;
    std::map<std::string, std::string> names;  // ${web} stands for a container's id
    std::map<std::string, std::string> own;    // of the control that shares its cases with others
    UnixMs as_of = 1'700'000'000'000;
};

json::value to_json(const YAML::Node& node) {
    if (node.IsMap()) {
        json::object object;
        for (const auto& entry : node) object[entry.first.Scalar()] = to_json(entry.second);
        return object;
    }
    if (node.IsSequence()) {
        json::array array;
        for (const auto& item : node) array.push_back(to_json(item));
        return array;
    }
    if (node.IsNull()) return nullptr;
    const std::string& text = node.Scalar();
    if (node.Tag() == "!") return json::string(text);  // quoted
    if (text == "true" || text == "false") return text == "true";
    if (const auto number = text::to_integer(text)) return *number;
    return json::string(text);
}

// RFC 7386.
void merge(json::value& target, const json::value& patch) {
    if (!patch.is_object()) {
        target = patch;
        return;
    }
    if (!target.is_object()) target = json::object();
    for (const auto& [key, value] : patch.as_object()) {
        if (value.is_null()) {
            target.as_object().erase(key);
        } else {
            merge(target.as_object()[key], value);
        }
    }
}

std::string expand(std::string text, const Draft& draft) {
    for (const auto& [name, value] : draft.names) {
        const std::string variable = "${" + name + "}";
        for (std::size_t at = text.find(variable); at != std::string::npos; at = text.find(variable, at + value.size()))
            text.replace(at, variable.size(), value);
    }
    return text;
}

// A reading is known by its locator as the world writes it; what a control calls by a name of its own is meant as it stands.
std::string locator_of(const Draft& draft, const YAML::Node& node) {
    std::string text = node.Scalar();
    for (const auto& [name, value] : draft.own) {
        const std::string variable = "${" + name + "}";
        if (const std::size_t at = text.find(variable); at != std::string::npos) text.replace(at, variable.size(), value);
    }
    return text;
}

void set_reading(Draft& draft, const std::string& locator, const YAML::Node& node) {
    draft.documents.erase(locator);
    draft.texts.erase(locator);
    draft.outcomes.erase(locator);
    if (locator.starts_with("netlink:")) {
        // A dump has lengths in it: what it names must be there before it is made.
        YAML::Node list(YAML::NodeType::Sequence);
        for (const auto& item : node) {
            YAML::Node one;
            for (const auto& field : item) one[field.first.Scalar()] = locator_of(draft, field.second);
            list.push_back(one);
        }
        draft.texts[locator] = netlink_dump(locator, list);
    } else if (node.IsScalar()) {
        draft.texts[locator] = node.Scalar();
    } else {
        draft.documents[locator] = to_json(node);
    }
}

void set_outcomes(Draft& draft, const YAML::Node& node, const std::string& file) {
    for (const auto& entry : node) {
        const auto words = text::split(entry.second.Scalar(), ':');
        const auto outcome = world::parse_outcome(words[0]);
        if (!outcome) broken(file, entry.second, outcome.error().message);
        const std::string locator = locator_of(draft, entry.first);
        draft.documents.erase(locator);
        draft.texts.erase(locator);
        draft.outcomes[locator] = {*outcome, words.size() > 1 ? std::string(text::trim(words[1])) : "as the case says"};
    }
}

void patch_documents(Draft& draft, const YAML::Node& node, const std::string& file) {
    for (const auto& entry : node) {
        const auto found = draft.documents.find(locator_of(draft, entry.first));
        if (found == draft.documents.end()) broken(file, entry.first, "no JSON reading to patch: " + entry.first.Scalar());
        merge(found->second, to_json(entry.second));
    }
}

void load_world(Draft& draft, const std::string& path) {
    const YAML::Node world = YAML::LoadFile(path);
    if (world["world"]) load_world(draft, path.substr(0, path.rfind('/') + 1) + world["world"].Scalar() + ".yaml");
    if (world["as_of_ms"]) draft.as_of = world["as_of_ms"].as<UnixMs>();
    for (const auto& entry : world["names"]) draft.names[entry.first.Scalar()] = entry.second.Scalar();
    for (const auto& entry : world["readings"]) set_reading(draft, entry.first.Scalar(), entry.second);
    set_outcomes(draft, world["outcome"], path);
    patch_documents(draft, world["patch"], path);
}

// Parsed once: hundreds of cases start from the same few worlds.
const Draft& world_named(const std::string& name) {
    static std::map<std::string, Draft> known;
    const auto [at, fresh] = known.try_emplace(name);
    if (fresh) load_world(at->second, std::string(BULKHEAD_SOURCE_DIR) + "/tests/worlds/" + name + ".yaml");
    return at->second;
}

void apply(Draft& draft, const YAML::Node& node, const std::string& file) {
    for (const auto& entry : node["names"]) draft.names[entry.first.Scalar()] = entry.second.Scalar();
    for (const auto& entry : node["set"]) set_reading(draft, locator_of(draft, entry.first), entry.second);
    patch_documents(draft, node["patch"], file);
    for (const auto& entry : node["replace"]) {
        const auto found = draft.texts.find(locator_of(draft, entry.first));
        if (found == draft.texts.end()) broken(file, entry.first, "no text reading to change: " + entry.first.Scalar());
        for (const auto& change : entry.second) {
            const std::size_t at = found->second.find(change.first.Scalar());
            if (at == std::string::npos) broken(file, change.first, "this text is not in the reading");
            found->second.replace(at, change.first.Scalar().size(), change.second.Scalar());
        }
    }
    set_outcomes(draft, node["outcome"], file);
}

// The buffer of events is one JSON object a line; everything else is one document.
std::string to_bytes(const std::string& locator, const json::value& document) {
    if (locator != "engine:/events?recent" || !document.is_array()) return json::serialize(document);
    std::string lines;
    for (const json::value& event : document.as_array()) lines += json::serialize(event) + "\n";
    return lines;
}

std::shared_ptr<world::FakeReader> make_reader(const Draft& draft) {
    auto reader = std::make_shared<world::FakeReader>();
    reader->set_as_of(draft.as_of);
    for (const auto& [locator, document] : draft.documents) reader->set(expand(locator, draft), expand(to_bytes(locator, document), draft));
    for (const auto& [locator, text] : draft.texts) reader->set(expand(locator, draft), expand(text, draft));
    for (const auto& [locator, outcome] : draft.outcomes) reader->set_outcome(expand(locator, draft), outcome.first, outcome.second);
    return reader;
}

std::string text_or_empty(const YAML::Node& node) { return node ? node.Scalar() : std::string(); }

// The controls of a file, each with what the cases call by name.
std::vector<std::map<std::string, std::string>> controls_of(const YAML::Node& file, const std::string& path) {
    const std::string name = path.substr(path.rfind('/') + 1);
    if (!file["controls"]) return {{{"id", name.substr(0, name.find('.'))}}};
    std::vector<std::map<std::string, std::string>> controls;
    for (const auto& node : file["controls"]) {
        if (!node["id"]) broken(path, node, "a control needs its id");
        auto& names = controls.emplace_back();
        for (const auto& entry : node) names[entry.first.Scalar()] = entry.second.Scalar();
    }
    return controls;
}

// `dockerfile:` and `compose:` are the text of a file each; more files are given by `set`, and merged where `compose_files` lists them.
build::BuildInput build_files_of(Draft& draft, const YAML::Node& node) {
    build::BuildInput input;
    if (node["dockerfile"]) {
        draft.texts["file:Dockerfile"] = node["dockerfile"].Scalar();
        input.dockerfiles = {"Dockerfile"};
    }
    if (node["compose"]) {
        draft.texts["file:compose.yaml"] = node["compose"].Scalar();
        input.compose.files = {"compose.yaml"};
    }
    for (const auto& file : node["compose_files"]) input.compose.files.push_back(file.Scalar());
    for (const auto& profile : node["profiles"]) input.compose.profiles.push_back(profile.Scalar());
    if (input.any() && !draft.texts.contains("file:.env")) draft.outcomes["file:.env"] = {world::Outcome::absent, ""};
    return input;
}

Case make_case(const YAML::Node& file, const YAML::Node& node, const std::map<std::string, std::string>& control, const std::string& path) {
    Draft draft = world_named(node["world"] ? node["world"].Scalar() : file["world"] ? file["world"].Scalar() : "base");
    if (file["controls"]) {
        draft.names.insert(control.begin(), control.end());
        draft.own = control;
    }
    apply(draft, file["given"] ? file["given"] : YAML::Node(YAML::NodeType::Map), path);
    apply(draft, node, path);
    build::BuildInput build = build_files_of(draft, node);
    set_outcomes(draft, node["outcome"], path);
    Case made{
        control.at("id"), node["name"].Scalar(), path, node.Mark().line + 1, std::move(build), make_reader(draft), text_or_empty(node["trust"]), {}, {}, {}};
    for (const auto& setting : node["settings"]) made.settings.push_back(setting.first.Scalar() + "=" + setting.second.Scalar());
    if (node["attestations"]) {
        auto attestations = audit::parse_attestations(expand(YAML::Dump(node["attestations"]), draft), "attestations.yaml");
        if (!attestations) broken(path, node["attestations"], attestations.error().message);
        made.attestations = std::move(*attestations);
    }
    for (const auto& expected : node["expect"]) {
        made.expect.push_back({expand(expected["name"].Scalar(), draft), expand(expected["status"].Scalar(), draft),
                               expand(text_or_empty(expected["reason"]), draft), text_or_empty(expected["layer"])});
    }
    if (made.expect.empty()) broken(path, node, "a case must expect something");
    return made;
}

}  // namespace

std::vector<Case> load_cases(const std::string& path) {
    const YAML::Node file = YAML::LoadFile(path);
    std::vector<Case> cases;
    for (const auto& control : controls_of(file, path)) {
        for (const auto& node : file["cases"]) {
            const auto is_this = [&](const YAML::Node& id) { return id.Scalar() == control.at("id"); };
            if (!node["only"] || std::ranges::any_of(node["only"], is_this)) cases.push_back(make_case(file, node, control, path));
        }
    }
    return cases;
}

}  // namespace bulkhead::tests
