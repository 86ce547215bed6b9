// SPDX-License-Identifier: Apache-2.0
#include "build/compose_builds.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "base/text.h"

namespace bulkhead::build {

namespace {

namespace fs = std::filesystem;

bool is_remote(std::string_view context) {
    return context.find("://") != std::string_view::npos || context.starts_with("git@") || context.starts_with("github.com/") ||
           context.starts_with("docker-image:") || context.starts_with("service:") || context.starts_with("target:");
}

// By the names alone: what a link leads to is the reader's matter.
bool is_inside(const fs::path& folder, const fs::path& path) {
    const fs::path way = folder.empty() || folder == "." ? path : path.lexically_relative(folder);
    return !way.empty() && way.is_relative() && *way.begin() != "..";
}

const Tree* known_text(const Tree& build, std::string_view key, std::string& problem) {
    const Tree* found = build.find(key);
    if (found == nullptr || found->kind == TreeKind::nothing) return nullptr;
    if (!found->is_scalar()) problem = fmt::format("build.{} is no text", key);
    if (found->is_scalar() && !found->known) problem = fmt::format("build.{} rests on a variable that has no value here", key);
    return found->is_scalar() ? found : nullptr;
}

// An argument without a value takes that of the caller's variable.
Expanded value_of(const Key& name, const Tree& value, const Environment& environment) {
    if (value.is_scalar()) return {value.text, value.known};
    const auto found = environment.find(name.name);
    return found == environment.end() ? Expanded{"", false} : Expanded{found->second, true};
}

class Reading {
  public:
    Reading(const Project& project, const ComposeInput& input) : project_(project), input_(input) {}

    ServiceBuild read(const Key& service, const Tree& build) const {
        ServiceBuild made{.service = &service, .build = &build};
        if (!build.is_map()) {
            made.problem = build.known ? "build is no mapping" : "build rests on a variable that has no value here";
            return made;
        }
        read_arguments(build, made);
        if (const Tree* target = known_text(build, "target", made.problem)) made.target = target->text;
        if (const Tree* written = known_text(build, "dockerfile_inline", made.problem)) {
            made.written = written;
            made.path = project_.file(written->place);
        } else if (made.problem.empty()) {
            read_path(build, made);
        }
        return made;
    }

  private:
    void read_arguments(const Tree& build, ServiceBuild& made) const {
        if (const Tree* args = build.find("args"); args != nullptr && args->is_map()) {
            for (std::size_t i = 0; i < args->keys.size(); ++i) made.args[args->keys[i].name] = value_of(args->keys[i], args->items[i], input_.environment);
        }
        const Tree* contexts = build.find("additional_contexts");
        if (contexts == nullptr) return;
        for (const Key& key : contexts->keys) made.contexts.insert(key.name);
        for (const Tree& item : contexts->items) {
            if (contexts->is_list()) made.contexts.insert(item.text.substr(0, item.text.find('=')));
        }
    }

    void read_path(const Tree& build, ServiceBuild& made) const {
        const Tree* context = known_text(build, "context", made.problem);
        const Tree* dockerfile = known_text(build, "dockerfile", made.problem);
        if (!made.problem.empty()) return;
        if (context != nullptr && is_remote(context->text)) {
            made.problem =
                fmt::format("the build context {} is no folder here: fetch it, and name its Dockerfile with --dockerfile", text::printable(context->text));
            return;
        }
        const Place& place = context != nullptr ? context->place : build.place;
        const fs::path folder = fs::path(project_.folders[static_cast<std::size_t>(place.file)]) / (context == nullptr ? "." : context->text);
        const fs::path path = (folder / (dockerfile == nullptr ? "Dockerfile" : dockerfile->text)).lexically_normal();
        made.path = path.string();
        if (is_inside(fs::path(project_.folders.front()).lexically_normal(), path)) return;
        made.problem = fmt::format("the Dockerfile {} lies outside of the folder of the Compose file: name it with --dockerfile", text::printable(made.path));
    }

    const Project& project_;
    const ComposeInput& input_;
};

}  // namespace

std::vector<ServiceBuild> service_builds(const Project& project, const ComposeInput& input) {
    std::vector<ServiceBuild> builds;
    const Tree* services = project.section("services");
    const Reading reading(project, input);
    for (std::size_t i = 0; services != nullptr && i < services->keys.size(); ++i) {
        const Tree& service = services->items[i];
        const Tree* build = service.is_map() ? service.find("build") : nullptr;
        if (build == nullptr || build->kind == TreeKind::nothing || !is_active(service, input.profiles)) continue;
        builds.push_back(reading.read(services->keys[i], *build));
    }
    return builds;
}

BuildGiven given_by(const std::vector<const ServiceBuild*>& builds, bool also_without) {
    BuildGiven given;
    for (const ServiceBuild* build : builds) {
        given.targets.push_back(build->target);
        given.contexts.insert(build->contexts.begin(), build->contexts.end());
        given.args.insert(build->args.begin(), build->args.end());
    }
    if (also_without) given.targets.emplace_back();
    for (auto& [name, value] : given.args) {
        const auto agrees = [&](const ServiceBuild* build) {
            const auto own = build->args.find(name);
            return own != build->args.end() && own->second.known && own->second.text == value.text;
        };
        if (also_without || !std::ranges::all_of(builds, agrees)) value = {"", false};
    }
    return given;
}

Position place_of_lines(const Tree& text, std::string_view compose_bytes) {
    std::vector<std::string_view> lines = text::split(compose_bytes, '\n');
    const auto line = static_cast<std::size_t>(text.place.at.line);
    if (line == 0 || line > lines.size()) return {};
    const std::string_view rest = lines[line - 1].substr(std::min<std::size_t>(static_cast<std::size_t>(text.place.at.column) - 1, lines[line - 1].size()));
    if (!rest.starts_with('|')) return text.text.find('\n') == std::string::npos ? text.place.at : Position{};
    for (std::size_t i = line; i < lines.size(); ++i) {
        const std::size_t indent = lines[i].find_first_not_of(' ');
        if (indent != std::string_view::npos && lines[i][indent] != '\r') return {static_cast<int>(line) + 1, static_cast<int>(indent) + 1};
    }
    return {};
}

}  // namespace bulkhead::build
