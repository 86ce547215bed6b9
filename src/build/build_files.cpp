// SPDX-License-Identifier: Apache-2.0
#include "build/build_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "base/text.h"

namespace bulkhead::build {

namespace {

void check_targets(const DockerfileSource& source, std::size_t number, const std::vector<ServiceBuild*>& users) {
    for (ServiceBuild* build : users) {
        if (!source.problem.empty()) continue;
        build->dockerfile = static_cast<int>(number);
        if (find_target(source.resolved.stages, build->target) >= 0) continue;
        build->problem = fmt::format("{} has no stage {} to build", source.path, text::printable(build->target));
    }
}

}  // namespace

Result<std::string> BuildFiles::read(const std::string& path) {
    const world::ReadingPtr reading = world_.read(world::file_at(path));
    switch (reading->outcome) {
        case world::Outcome::present: return reading->bytes;
        case world::Outcome::absent: return fail(Code::not_found, "there is no such file");
        case world::Outcome::denied: return fail(Code::permission_denied, reading->reason);
        case world::Outcome::failed: break;
    }
    return fail(Code::unavailable, reading->reason);
}

std::unique_ptr<DockerfileSource> BuildFiles::load(const std::string& path, const BuildGiven& given) {
    auto source = std::make_unique<DockerfileSource>();
    source->path = path;
    if (const auto bytes = read(path); !bytes) {
        source->problem = path + ": " + bytes.error().message;
    } else if (auto parsed = parse_dockerfile(*bytes, path); !parsed) {
        source->problem = parsed.error().message;
    } else {
        source->dockerfile = std::move(*parsed);
        source->resolved = resolve(source->dockerfile, given);
    }
    return source;
}

void BuildFiles::load_dockerfiles_once() {
    if (dockerfiles_loaded_) return;
    dockerfiles_loaded_ = true;
    if (const Project* found = project()) builds_ = service_builds(*found, input_.compose);
    // One file may be built by many services: it is read once, as what they all say of it.
    std::map<std::string, std::vector<ServiceBuild*>> users;
    std::vector<std::string> order;
    for (ServiceBuild& build : builds_) {
        // Outside of the project, but named: then it may be read.
        const auto is_same = [&](const std::string& path) { return std::filesystem::path(path).lexically_normal() == build.path; };
        const bool named = !build.path.empty() && std::ranges::any_of(input_.dockerfiles, is_same);
        if (named && build.written == nullptr) build.problem.clear();
        if (!build.problem.empty() || build.written != nullptr) continue;
        auto& all = users[build.path];
        if (all.empty() && !named) order.push_back(build.path);
        all.push_back(&build);
    }
    for (const std::string& path : input_.dockerfiles) {
        const auto& all = users[std::filesystem::path(path).lexically_normal().string()];
        dockerfiles_.push_back(load(path, given_by({all.begin(), all.end()}, true)));
        check_targets(*dockerfiles_.back(), dockerfiles_.size() - 1, all);
    }
    for (const std::string& path : order) follow(path, users[path]);
    for (ServiceBuild& build : builds_) {
        if (build.written != nullptr && build.problem.empty()) follow_written(build);
    }
}

void BuildFiles::follow(const std::string& path, const std::vector<ServiceBuild*>& users) {
    if (dockerfiles_.size() >= input_.dockerfiles.size() + followed_dockerfiles_max) {
        for (ServiceBuild* build : users)
            build->problem = fmt::format("more than {} Dockerfiles are built: name {} with --dockerfile", followed_dockerfiles_max, path);
        return;
    }
    take(load(path, given_by({users.begin(), users.end()}, false)), users);
}

void BuildFiles::follow_written(ServiceBuild& build) {
    const auto bytes = read(build.path);
    const Position first = bytes ? place_of_lines(*build.written, *bytes) : Position{};
    auto source = std::make_unique<DockerfileSource>();
    source->path = build.path;
    source->is_written = true;
    if (first == Position{}) {
        source->problem = text_of(build.path, build.written->place.at) + ": the lines of dockerfile_inline cannot be told apart: write it as a block (|)";
    } else if (auto parsed = parse_dockerfile(build.written->text, build.path, first); !parsed) {
        source->problem = parsed.error().message;
    } else {
        source->dockerfile = std::move(*parsed);
        source->resolved = resolve(source->dockerfile, given_by({&build}, false));
    }
    take(std::move(source), {&build});
}

// What was not named but followed, and is not there or not good, is the problem of those who build it.
void BuildFiles::take(std::unique_ptr<DockerfileSource> source, const std::vector<ServiceBuild*>& users) {
    if (source->problem.empty()) {
        check_targets(*source, dockerfiles_.size(), users);
        dockerfiles_.push_back(std::move(source));
        return;
    }
    for (ServiceBuild* build : users) build->problem = source->problem;
}

const std::vector<std::unique_ptr<DockerfileSource>>& BuildFiles::dockerfiles() {
    load_dockerfiles_once();
    return dockerfiles_;
}

const std::vector<ServiceBuild>& BuildFiles::builds() {
    load_dockerfiles_once();
    return builds_;
}

void BuildFiles::load_compose_once() {
    if (compose_loaded_ || input_.compose.files.empty()) return;
    compose_loaded_ = true;
    auto project = load_compose(input_.compose, [this](const std::string& path) { return read(path); });
    if (project) {
        project_ = std::move(*project);
    } else {
        compose_problem_ = project.error().message;
    }
}

const Project* BuildFiles::project() {
    load_compose_once();
    return project_ ? &*project_ : nullptr;
}

const std::string& BuildFiles::compose_problem() {
    load_compose_once();
    return compose_problem_;
}

Result<std::vector<Ignore>> BuildFiles::ignores() {
    std::vector<Ignore> all;
    const auto add = [&](Result<std::vector<Ignore>> some) -> Result<void> {
        if (!some) return std::unexpected(some.error());
        std::ranges::move(*some, std::back_inserter(all));
        return {};
    };
    for (const auto& source : dockerfiles()) {
        // What is written in a Compose file is ignored by what that says.
        if (!source->problem.empty() || source->is_written) continue;
        if (auto added = add(dockerfile_ignores(source->dockerfile, source->path)); !added) return std::unexpected(added.error());
    }
    if (const Project* found = project()) {
        for (const std::string& path : found->files) {
            const auto bytes = read(path);
            if (!bytes) return std::unexpected(bytes.error().in(path));
            if (auto added = add(compose_ignores(*bytes, path)); !added) return std::unexpected(added.error());
        }
    }
    return all;
}

Result<void> BuildFiles::check() {
    for (const auto& source : dockerfiles()) {
        if (!source->problem.empty()) return fail(Code::invalid_input, source->problem);
    }
    if (!compose_problem().empty()) return fail(Code::invalid_input, compose_problem());
    if (const auto found = ignores(); !found) return std::unexpected(found.error());
    return {};
}

std::string reading_of(const std::string& locator) {
    if (!locator.starts_with("dockerfile:") && !locator.starts_with("compose:")) return locator;
    std::string path = locator.substr(locator.find(':') + 1);
    for (int part = 0; part < 2; ++part) {
        const std::size_t colon = path.rfind(':');
        if (colon == std::string::npos || !text::to_integer(std::string_view(path).substr(colon + 1))) break;
        path.resize(colon);
    }
    return "file:" + path;
}

}  // namespace bulkhead::build
