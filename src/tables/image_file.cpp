// SPDX-License-Identifier: Apache-2.0
// image_file: the files of images that give rights or may be changed by anybody, as they are when all layers lie upon each other.
#include "tables/image_file_columns.h"

namespace bulkhead::tables {

namespace {

std::vector<ImageFileRow> read(Scan& scan) {
    std::vector<ImageFileRow> rows;
    for (const ImageRef& ref : whole_images_wanted(scan)) {
        report(scan, ref, ref.image->view.file_problems);
        for (const image::SeenFile& seen : ref.image->view.special_files) rows.push_back({ref, seen.layer, seen.file});
    }
    return rows;
}

}  // namespace

Table image_file() {
    return make_table<ImageFileRow>(TableSpec<ImageFileRow>{
        .name = "image_file",
        .help = "Files of images with set-id bits or capabilities, and files and folders that anybody may change; image_file_list has all.",
        .columns = image_file_columns(),
        .keys = {"image_id"},
        .examples = {"select image_name, path, mode, uid from image_file where setuid or setgid"},
        .rows = read,
        .reads_long = true});
}

}  // namespace bulkhead::tables
