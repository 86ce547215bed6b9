// SPDX-License-Identifier: Apache-2.0
// dockerfile_image: the images that Dockerfiles take from, whether as a base, by COPY --from or by a mount of RUN. Stages and scratch are none.
#include "tables/build_rows.h"

namespace bulkhead::tables {

namespace {

struct Row {
    const build::DockerfileSource* source = nullptr;
    const build::ImageUse* use = nullptr;
    build::ImageName name;
};

std::string purpose_of(const Row& row) {
    const std::string& keyword = row.use->instruction->keyword;
    return keyword == "from" ? "FROM" : keyword == "run" ? "RUN --mount from=" : "COPY --from=";
}

Cell known(const Row& row, const std::string& text) { return row.use->image.known ? text_or_null(text) : Cell{}; }

}  // namespace

Table dockerfile_image() {
    return make_table<Row>({
        .name = "dockerfile_image",
        .help = "Images that the named Dockerfiles take from: FROM, COPY --from, RUN --mount. Not stages, and not scratch.",
        .columns =
            {
                {"path", Type::text, "the file, as it was named", [](const Row& row) { return cell(row.source->path); }},
                {"stage_number", Type::integer, "the stage that takes it, from 0", [](const Row& row) { return cell(row.use->stage); }},
                {"purpose", Type::text, "FROM, COPY --from=, RUN --mount from=", [](const Row& row) { return cell(purpose_of(row)); }},
                {"written", Type::text, "the name as it is written", [](const Row& row) { return cell(row.use->written); }},
                {"image", Type::text, "with variables replaced; null: only the build knows", [](const Row& row) { return known(row, row.use->image.text); }},
                {"name", Type::text, "without tag and digest", [](const Row& row) { return known(row, row.name.name); }},
                {"tag", Type::text, "its tag", [](const Row& row) { return known(row, row.name.tag); }},
                {"digest", Type::text, "its digest", [](const Row& row) { return known(row, row.name.digest); }},
                {"line", Type::integer, "line of the instruction", [](const Row& row) { return cell(row.use->instruction->at.line); }},
                {"column", Type::integer, "its column", [](const Row& row) { return cell(row.use->instruction->at.column); }},
                {"locator", Type::text, "dockerfile:FILE:LINE:COLUMN", [](const Row& row) { return cell(row.source->locator(row.use->instruction->at)); }},
            },
        .examples = {"select path, purpose, image, line from dockerfile_image where digest is null"},
        .rows =
            [](Scan& scan) {
                std::vector<Row> rows;
                for (const build::DockerfileSource* source : dockerfile_sources(scan)) {
                    for (const build::ImageUse& use : source->resolved.images) rows.push_back({source, &use, build::split_image(use.image.text)});
                }
                return rows;
            },
    });
}

}  // namespace bulkhead::tables
