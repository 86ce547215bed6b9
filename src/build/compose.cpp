// SPDX-License-Identifier: Apache-2.0
#include "build/compose.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "base/text.h"
#include "build/compose_canonical.h"

namespace bulkhead::build {

namespace {

std::string text_or(const Tree* tree, std::string otherwise = {}) { return tree != nullptr && tree->is_scalar() ? tree->text : std::move(otherwise); }

std::vector<std::string> texts_of(const Tree* tree) {
    std::vector<std::string> out;
    if (tree == nullptr) return out;
    if (tree->is_scalar()) out.push_back(tree->text);
    for (const Tree& item : tree->items) {
        if (item.is_scalar()) out.push_back(item.text);
        if (item.is_map()) out.push_back(text_or(item.find("path")));
    }
    return out;
}

class Loader {
  public:
    Loader(const ReadFile& read, Project& project) : read_(read), project_(project) {}

    // The files of one project (the main one, or an included one) merged.
    Result<Tree> load(const ComposeInput& input, std::size_t depth) {
        if (depth > compose_depth_max) return fail(Code::limit_exceeded, fmt::format("{}: included deeper than {}", input.files.front(), compose_depth_max));
        Environment environment = input.environment;
        if (auto added = add_env_files(environment, input); !added) return std::unexpected(added.error());
        Tree merged;
        merged.kind = TreeKind::map;
        // Of files that are merged, all paths start at the first.
        const std::string folder = std::filesystem::path(input.files.front()).parent_path().string();
        for (const std::string& path : input.files) {
            auto documents = documents_of(path, folder, environment);
            if (!documents) return std::unexpected(documents.error());
            for (Tree& document : *documents) {
                if (auto extended = extend_all(document, path, environment); !extended) return std::unexpected(extended.error());
                Tree includes = take(document, "include");
                merge_over(merged, std::move(document));
                if (auto included = include_all(includes, path, environment, merged, depth); !included) return std::unexpected(included.error());
            }
        }
        return merged;
    }

  private:
    static Tree take(Tree& document, std::string_view key) {
        Tree* found = document.find(key);
        Tree out = found == nullptr ? Tree{} : std::move(*found);
        document.erase(key);
        return out;
    }

    Result<void> add_env_files(Environment& environment, const ComposeInput& input) {
        // Of several files the last that names a variable wins, so they are taken from the back.
        for (auto path = input.env_files.rbegin(); path != input.env_files.rend(); ++path) {
            const auto bytes = read_(*path);
            if (!bytes) return std::unexpected(bytes.error().in(*path));
            if (auto added = add_env_file(environment, *bytes, *path); !added) return added;
        }
        if (!input.env_files.empty()) return {};
        const std::string beside = path_beside(input.files.front(), ".env");
        const auto bytes = read_(beside);
        if (!bytes && bytes.error().code == Code::not_found) return {};
        if (!bytes) return std::unexpected(bytes.error().in(beside));
        return add_env_file(environment, *bytes, beside);
    }

    Result<std::vector<Tree>> documents_of(const std::string& path, const std::string& folder, const Environment& environment) {
        if (project_.files.size() == compose_files_max) return fail(Code::limit_exceeded, fmt::format("{}: more than {} files", path, compose_files_max));
        const auto bytes = read_(path);
        if (!bytes) return std::unexpected(bytes.error().in(path));
        project_.files.push_back(path);
        project_.folders.push_back(folder);
        auto documents = parse_tree(*bytes, path, static_cast<int>(project_.files.size()) - 1);
        if (!documents) return documents;
        if (documents->empty()) return fail_at(path, {1, 1}, "an empty Compose file");
        for (Tree& document : *documents) {
            if (auto done = interpolate(document, environment, path); !done) return std::unexpected(done.error());
            if (auto done = make_canonical(document, path); !done) return std::unexpected(done.error());
        }
        return documents;
    }

    Result<void> extend_all(Tree& document, const std::string& path, const Environment& environment) {
        Tree* services = document.find("services");
        if (services == nullptr) return {};
        for (const Key& key : std::vector<Key>(services->keys)) {
            if (services->find(key.name)->find("extends") == nullptr) continue;
            auto service = extended(*services, key.name, path, environment, 0);
            if (!service) return std::unexpected(service.error());
            *services->find(key.name) = std::move(*service);
        }
        return {};
    }

    // The service with all that it extends below it.
    Result<Tree> extended(const Tree& services, const std::string& name, const std::string& path, const Environment& environment, std::size_t depth) {
        const Tree* found = services.find(name);
        Tree service = *found;
        const Tree wanted = take(service, "extends");
        if (wanted.kind == TreeKind::nothing) return service;
        if (depth == compose_depth_max)
            return fail_at(path, wanted.place.at, fmt::format("extends leads on for more than {} steps, or in a circle", compose_depth_max),
                           Code::limit_exceeded);
        const std::string base_name = wanted.is_scalar() ? wanted.text : text_or(wanted.find("service"));
        const std::string file = wanted.is_map() ? text_or(wanted.find("file")) : "";
        std::string other_path = path;
        const Tree* from = &services;
        if (!file.empty()) {
            other_path = path_beside(path, file);
            // Many services extend one file.
            auto known = extended_files_.find(other_path);
            if (known == extended_files_.end()) {
                auto documents = documents_of(other_path, std::filesystem::path(other_path).parent_path().string(), environment);
                if (!documents) return std::unexpected(documents.error());
                known = extended_files_.emplace(other_path, std::move(documents->front())).first;
            }
            from = known->second.find("services");
        }
        if (from == nullptr || from->find(base_name) == nullptr || !from->find(base_name)->is_map())
            return fail_at(path, wanted.place.at, fmt::format("there is no service {} in {} to extend", text::printable(base_name), other_path));
        auto base = extended(*from, base_name, other_path, environment, depth + 1);
        if (!base) return base;
        merge_over(*base, std::move(service));
        return base;
    }

    Result<void> include_all(const Tree& includes, const std::string& path, const Environment& environment, Tree& merged, std::size_t depth) {
        if (includes.kind == TreeKind::nothing) return {};
        if (!includes.is_list()) return fail_at(path, includes.place.at, "include must be a list");
        for (const Tree& item : includes.items) {
            ComposeInput input;
            const auto paths = item.is_map() ? texts_of(item.find("path")) : texts_of(&item);
            for (const std::string& one : paths) {
                if (one.find("://") != std::string::npos || one.starts_with("oci:") || one.starts_with("git@"))
                    return fail_at(path, item.place.at, fmt::format("{} is not a file here: fetch it and include the copy", text::printable(one)),
                                   Code::unsupported);
                input.files.push_back(path_beside(path, one));
            }
            if (input.files.empty()) return fail_at(path, item.place.at, "include needs a path");
            if (item.is_map()) {
                for (const std::string& one : texts_of(item.find("env_file"))) input.env_files.push_back(path_beside(path, one));
            }
            input.environment = environment;
            auto other = load(input, depth + 1);
            if (!other) return std::unexpected(other.error());
            if (auto imported = import(*other, item, path, merged); !imported) return imported;
        }
        return {};
    }

    static Result<void> import(Tree& other, const Tree& item, const std::string& path, Tree& merged) {
        for (const std::string_view section : {"services", "networks", "volumes", "secrets", "configs"}) {
            Tree* from = other.find(section);
            if (from == nullptr) continue;
            Tree* into = merged.find(section);
            for (std::size_t i = 0; into != nullptr && i < from->keys.size(); ++i) {
                if (section == "services" && into->find(from->keys[i].name) != nullptr)
                    return fail_at(path, item.place.at, fmt::format("the included file has a service {} too", text::printable(from->keys[i].name)));
            }
            Tree wrapped;
            wrapped.kind = TreeKind::map;
            wrapped.set({std::string(section), from->place}, std::move(*from));
            merge_over(merged, std::move(wrapped));
        }
        return {};
    }

    const ReadFile& read_;
    Project& project_;
    std::map<std::string, Tree> extended_files_;
};

}  // namespace

std::string Project::locator(const Place& place) const { return "compose:" + text_of(file(place), place.at); }

const std::string& Project::file(const Place& place) const { return files[static_cast<std::size_t>(place.file)]; }

std::string path_beside(const std::string& file, const std::string& path) {
    return (std::filesystem::path(file).parent_path() / path).lexically_normal().string();
}

bool is_active(const Tree& service, const std::vector<std::string>& profiles) {
    const auto own = texts_of(service.find("profiles"));
    if (own.empty()) return true;
    return std::ranges::any_of(profiles, [&](const std::string& profile) { return profile == "*" || std::ranges::find(own, profile) != own.end(); });
}

Result<Project> load_compose(const ComposeInput& input, const ReadFile& read) {
    Project project;
    if (input.files.empty()) return fail(Code::invalid_input, "no Compose file");
    auto model = Loader(read, project).load(input, 0);
    if (!model) return std::unexpected(model.error());
    project.model = std::move(*model);
    project.name = text_or(project.model.find("name"), std::filesystem::path(input.files.front()).parent_path().filename().string());
    if (project.model.find("services") == nullptr) return fail_at(input.files.front(), {1, 1}, "no services: is this a Compose file?");
    return project;
}

}  // namespace bulkhead::build
