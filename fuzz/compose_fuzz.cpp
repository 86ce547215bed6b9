// SPDX-License-Identifier: Apache-2.0
// Compose files of anybody; what they include and extend is themselves, so that circles are met. After a line of %% stands an .env file.
#include "build/compose.h"
#include "build/ignore.h"
#include "fuzz/input.h"

namespace {

using namespace bulkhead::build;

void check_places(const Project& project, const Tree& tree, std::size_t depth) {
    CHECK(depth <= 4 * tree_depth_max);
    CHECK(tree.place.file >= 0 && static_cast<std::size_t>(tree.place.file) < std::max<std::size_t>(project.files.size(), 1));
    CHECK(!tree.is_map() || tree.keys.size() == tree.items.size());
    for (const Tree& item : tree.items) check_places(project, item, depth + 1);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view yaml = bulkhead::fuzz::text_of(data, size);
    std::string_view env;
    if (const std::size_t mark = yaml.find("\n%%\n"); mark != std::string_view::npos) {
        env = yaml.substr(mark + 4);
        yaml = yaml.substr(0, mark + 1);
    }
    const auto project = load_compose({.files = {"c.yaml"}, .profiles = {"*"}}, [&](const std::string& path) -> bulkhead::Result<std::string> {
        if (path == ".env" && env.empty()) return bulkhead::fail(bulkhead::Code::not_found, "no such file");
        return std::string(path == ".env" ? env : yaml);
    });
    bulkhead::fuzz::check_result(project);
    bulkhead::fuzz::check_result(compose_ignores(yaml, "c.yaml"));
    if (!project) return 0;
    check_places(*project, project->model, 0);
    const Tree* services = project->section("services");
    CHECK(services != nullptr && services->is_map());
    for (const Tree& service : services->items) (void)is_active(service, {});
    return 0;
}
