// SPDX-License-Identifier: Apache-2.0
// image_file_list: every file of one image, as they are when all layers lie upon each other.
#include "tables/image_file_columns.h"

namespace bulkhead::tables {

namespace {

std::vector<ImageFileRow> read(Scan& scan) {
    std::vector<ImageFileRow> rows;
    for (const ImageRef& ref : whole_images_wanted(scan)) {
        report(scan, ref, ref.image->view.file_problems);
        image::Layers layers;
        for (const image::LayerFacts& layer : ref.image->layers) layers.push_back(layer.content.get());
        for (image::SeenFile& seen : image::all_files(layers)) rows.push_back({ref, seen.layer, std::move(seen.file)});
    }
    return rows;
}

}  // namespace

Table image_file_list() {
    return make_table<ImageFileRow>(TableSpec<ImageFileRow>{
        .name = "image_file_list",
        .help = "All files of one image.",
        .columns = image_file_columns(),
        .required = {"image_id"},
        .examples = {"select path, mode, uid from image_file_list where image_id = (select id from docker_image limit 1) and type = 'regular'"},
        .rows = read,
        .reads_long = true});
}

}  // namespace bulkhead::tables
