// SPDX-License-Identifier: Apache-2.0
// image_program: what lies in the folders of programs of images, whether or not a package database knows it.
#include "tables/image_rows.h"

namespace bulkhead::tables {

namespace {

struct Row {
    ImageRef ref;
    std::size_t layer = 0;
    const image::LayerFile* file = nullptr;
};

std::vector<Row> read(Scan& scan) {
    std::vector<Row> rows;
    for (const ImageRef& ref : whole_images_wanted(scan)) {
        report(scan, ref, ref.image->view.file_problems);
        for (const image::SeenFile& seen : ref.image->view.programs) rows.push_back({ref, seen.layer, &seen.file});
    }
    return rows;
}

}  // namespace

Table image_program() {
    return make_table<Row>(TableSpec<Row>{
        .name = "image_program",
        .help = "Files and links in any bin, sbin or libexec folder of images, as they are when all layers lie upon each other.",
        .columns = all_columns<Row>(
            image_columns<Row>(),
            {{"name", Type::text, "last part of the path", [](const Row& row) { return cell(row.file->path.substr(row.file->path.rfind('/') + 1)); }},
             {"path", Type::text, "path in the image", [](const Row& row) { return cell("/" + row.file->path); }},
             {"link", Type::text, "where a symbolic link leads, or the other name of a hard link", [](const Row& row) { return cell(row.file->link); }}},
            layer_columns<Row>()),
        .keys = {"image_id"},
        .examples = {"select image_name, path from image_program where name in ('sh', 'bash', 'sshd')"},
        .rows = read,
        .reads_long = true});
}

}  // namespace bulkhead::tables
