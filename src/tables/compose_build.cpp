// SPDX-License-Identifier: Apache-2.0
// compose_build: which Dockerfile the started services of the named Compose files build, and why it was not followed where it was not.
#include "tables/compose_rows.h"

namespace bulkhead::tables {

namespace {

struct Row {
    const build::Project* project = nullptr;
    const build::ServiceBuild* build = nullptr;
    const build::DockerfileSource* source = nullptr;  // null: not followed
    bool show_values = false;
};

const build::Stage* stage_of(const Row& row) {
    if (row.source == nullptr || !row.build->problem.empty()) return nullptr;
    return &row.source->resolved.stages[static_cast<std::size_t>(build::find_target(row.source->resolved.stages, row.build->target))];
}

std::string args_of(const Row& row) {
    const build::Tree* args = row.build->build->is_map() ? row.build->build->find("args") : nullptr;
    return args == nullptr ? "{}" : json_of(*args, row.show_values);
}

}  // namespace

Table compose_build() {
    return make_table<Row>({
        .name = "compose_build",
        .help = "What the started services of the named Compose files build. The Dockerfiles are rows of dockerfile_instruction and its kind.",
        .columns =
            {
                {"service", Type::text, "service", [](const Row& row) { return cell(row.build->service->name); }},
                {"dockerfile", Type::text, "path of the Dockerfile; the Compose file's, where it is written in that",
                 [](const Row& row) { return text_or_null(row.source != nullptr ? row.source->path : row.build->path); }},
                {"is_written", Type::boolean, "in the Compose file itself (dockerfile_inline)",
                 [](const Row& row) { return cell(row.build->written != nullptr); }},
                {"target", Type::text, "stage that is built, as written; null: the last", [](const Row& row) { return text_or_null(row.build->target); }},
                {"stage_line", Type::integer, "line of that stage's FROM; null: not followed",
                 [](const Row& row) { return stage_of(row) == nullptr ? Cell{} : cell(stage_of(row)->at.line); }},
                {"args", Type::json, "arguments; values that look secret are taken out", [](const Row& row) { return cell(args_of(row)); }},
                {"problem", Type::text, "why the Dockerfile was not followed; null: it was", [](const Row& row) { return text_or_null(row.build->problem); }},
                {"project", Type::text, "name of the project", [](const Row& row) { return cell(row.project->name); }},
                {"path", Type::text, "the file it stands in", [](const Row& row) { return cell(row.project->file(row.build->build->place)); }},
                {"line", Type::integer, "line", [](const Row& row) { return cell(row.build->build->place.at.line); }},
                {"column", Type::integer, "column", [](const Row& row) { return cell(row.build->build->place.at.column); }},
                {"locator", Type::text, "compose:FILE:LINE:COLUMN", [](const Row& row) { return cell(row.project->locator(row.build->build->place)); }},
            },
        .examples = {"select service, dockerfile, target, problem from compose_build"},
        .rows =
            [](Scan& scan) {
                std::vector<Row> rows;
                const build::Project* project = compose_project(scan);
                const auto& sources = scan.facts().build().dockerfiles();
                for (const build::ServiceBuild& build : scan.facts().build().builds()) {
                    const auto* source = build.dockerfile < 0 ? nullptr : sources[static_cast<std::size_t>(build.dockerfile)].get();
                    rows.push_back({project, &build, source, scan.facts().show_values});
                }
                return rows;
            },
    });
}

}  // namespace bulkhead::tables
