// SPDX-License-Identifier: Apache-2.0
#include "tables/docker_host_paths.h"

namespace bulkhead::tables {

namespace {

host::EngineWord word_of(Scan& scan) {
    host::EngineWord word;
    const auto& infos = scan.facts().engine.info();
    word.locator = locator(world::engine_get("/info"));
    if (infos.items.empty()) {
        word.problem = infos.problems.empty() ? "the engine does not tell of itself" : infos.problems.front().reason;
        return word;
    }
    const engine::Info& info = infos.items.front();
    if (!info.docker_root_dir.empty()) word.data_root = info.docker_root_dir;
    for (const auto& [name, runtime] : info.document->root()["Runtimes"].members()) {
        if (const auto path = runtime["path"].text(); path && !path->empty()) word.runtimes.push_back(*path);
    }
    for (const std::string& option : info.security_options) word.remaps_users = word.remaps_users || option.starts_with("name=userns");
    return word;
}

}  // namespace

std::vector<host::DockerPath> docker_host_paths(Scan& scan) {
    auto& facts = scan.facts();
    const auto& version = facts.engine.version();
    const auto settings = host::dockerd_config(facts.host, version.items.empty() ? std::nullopt : std::optional(version.items.front().version));
    auto found = host::docker_paths(facts.host, word_of(scan), settings);
    report(scan, found.problems);
    return std::move(found.items);
}

}  // namespace bulkhead::tables
