// SPDX-License-Identifier: Apache-2.0
// docker_version: one row, the versions of the engine and what it is made of. Columns of osquery.
#include "tables/docker_rows.h"

namespace bulkhead::tables {

using engine::Version;

Table docker_version() {
    return make_table<Version>({
        .name = "docker_version",
        .help = "Versions of the engine and its parts. One row.",
        .columns =
            {
                {"version", Type::text, "of the engine", of(&Version::version)},
                {"api_version", Type::text, "newest API it speaks", of(&Version::api_version)},
                {"min_api_version", Type::text, "oldest API it speaks", of(&Version::min_api_version)},
                {"git_commit", Type::text, "it was built from", of(&Version::git_commit)},
                {"go_version", Type::text, "it was built with", of(&Version::go_version)},
                {"os", Type::text, "operating system", of(&Version::os)},
                {"arch", Type::text, "architecture", of(&Version::arch)},
                {"kernel_version", Type::text, "of its host", of(&Version::kernel_version)},
                {"build_time", Type::text, "when it was built", of(&Version::build_time)},
                {"components", Type::json, "engine, containerd, runc, docker-init", of(&Version::components)},
                {"locator", Type::text, std::string(locator_help), [](const Version& row) { return row.source ? cell(row.source->locator) : Cell{}; }},
            },
        .examples = {"select version, api_version from docker_version"},
        .rows = [](Scan& scan) { return items_of(scan, scan.facts().engine.version()); },
    });
}

}  // namespace bulkhead::tables
