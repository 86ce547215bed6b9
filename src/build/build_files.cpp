// SPDX-License-Identifier: Apache-2.0
#include "build/build_files.h"

#include <algorithm>

#include "base/text.h"

namespace bulkhead::build {

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

const std::vector<std::unique_ptr<DockerfileSource>>& BuildFiles::dockerfiles() {
    if (dockerfiles_) return *dockerfiles_;
    dockerfiles_.emplace();
    for (const std::string& path : input_.dockerfiles) {
        auto source = std::make_unique<DockerfileSource>();
        source->path = path;
        if (const auto bytes = read(path); !bytes) {
            source->problem = path + ": " + bytes.error().message;
        } else if (auto parsed = parse_dockerfile(*bytes, path); !parsed) {
            source->problem = parsed.error().message;
        } else {
            source->dockerfile = std::move(*parsed);
            source->resolved = resolve(source->dockerfile);
        }
        dockerfiles_->push_back(std::move(source));
    }
    return *dockerfiles_;
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
        if (!source->problem.empty()) continue;
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
