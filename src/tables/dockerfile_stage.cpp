// SPDX-License-Identifier: Apache-2.0
// dockerfile_stage: the build stages of the Dockerfiles that are named or built by services, with what holds at the end of each.
#include "tables/build_rows.h"

namespace bulkhead::tables {

namespace {

using build::Stage;

struct Row {
    const build::DockerfileSource* source = nullptr;
    const Stage* stage = nullptr;
};

Cell known(const build::Expanded& value) { return value.known ? cell(value.text) : Cell{}; }

std::string name_of(const Row& row) { return row.stage->name.empty() ? std::to_string(row.stage->number) : row.stage->name; }

}  // namespace

Table dockerfile_stage() {
    return make_table<Row>({
        .name = "dockerfile_stage",
        .help = "Build stages of the Dockerfiles that --dockerfile names, or that services of Compose files build.",
        .columns =
            {
                {"path", Type::text, "the file, as it was named", [](const Row& row) { return cell(row.source->path); }},
                {"stage", Type::text, "name, or the number", [](const Row& row) { return cell(name_of(row)); }},
                {"stage_number", Type::integer, "from 0", [](const Row& row) { return cell(row.stage->number); }},
                {"base", Type::text, "what FROM names, as written", [](const Row& row) { return cell(row.stage->base); }},
                {"image", Type::text, "with variables replaced; null: only the build knows", [](const Row& row) { return known(row.stage->image); }},
                {"tag", Type::text, "tag of the image", [](const Row& row) { return text_or_null(build::split_image(row.stage->image.text).tag); }},
                {"digest", Type::text, "digest of the image", [](const Row& row) { return text_or_null(build::split_image(row.stage->image.text).digest); }},
                {"base_stage", Type::integer, "the stage it is built upon; null: an image",
                 [](const Row& row) { return row.stage->base_stage < 0 ? Cell{} : cell(row.stage->base_stage); }},
                {"platform", Type::text, "of --platform", [](const Row& row) { return text_or_null(row.stage->platform); }},
                {"is_final", Type::boolean, "what is built: the target that a service names, or the last",
                 [](const Row& row) { return cell(row.stage->is_final); }},
                {"in_final", Type::boolean, "built, or built upon by what is", [](const Row& row) { return cell(row.stage->in_final); }},
                {"sets_user", Type::boolean, "a USER is in force at its end", [](const Row& row) { return cell(row.stage->user.has_value()); }},
                {"user", Type::text, "that user; null: none is set, or only the build knows",
                 [](const Row& row) { return row.stage->user ? known(*row.stage->user) : Cell{}; }},
                {"user_locator", Type::text, "where it is set",
                 [](const Row& row) { return row.stage->user ? cell(row.source->locator(row.stage->user_at)) : Cell{}; }},
                {"healthcheck", Type::text, "cmd, none; null: the file has none",
                 [](const Row& row) {
                     if (row.stage->healthcheck == nullptr) return Cell{};
                     const std::string& word = row.stage->healthcheck->args[0].text;
                     return cell(word.size() == 4 && (word[0] == 'N' || word[0] == 'n') ? "none" : "cmd");
                 }},
                {"healthcheck_locator", Type::text, "where it stands",
                 [](const Row& row) { return row.stage->healthcheck == nullptr ? Cell{} : cell(row.source->locator(row.stage->healthcheck->at)); }},
                {"start_line", Type::integer, "line of its FROM", [](const Row& row) { return cell(row.stage->at.line); }},
                {"end_line", Type::integer, "its last line", [](const Row& row) { return cell(row.stage->end_line); }},
                {"column", Type::integer, "column of its FROM", [](const Row& row) { return cell(row.stage->at.column); }},
                {"locator", Type::text, "dockerfile:FILE:LINE:COLUMN", [](const Row& row) { return cell(row.source->locator(row.stage->at)); }},
            },
        .examples = {"select path, stage, image, user from dockerfile_stage where is_final"},
        .rows =
            [](Scan& scan) {
                std::vector<Row> rows;
                for (const build::DockerfileSource* source : dockerfile_sources(scan)) {
                    for (const Stage& stage : source->resolved.stages) rows.push_back({source, &stage});
                }
                return rows;
            },
    });
}

}  // namespace bulkhead::tables
