// SPDX-License-Identifier: Apache-2.0
// image_layer: the layers of images, each with what lies in it.
#include <algorithm>

#include "tables/image_rows.h"
#include "world/redact.h"

namespace bulkhead::tables {

using image::LayerContent;
using image::LayerFile;

namespace {

struct Row {
    ImageRef ref;
    std::size_t layer = 0;
    std::string created_by;

    [[nodiscard]] const LayerContent& content() const { return *ref.image->layers[layer].content; }
};

auto count_of(bool (*wanted)(const LayerFile&)) {
    return [wanted](const Row& row) { return cell(std::ranges::count_if(row.content().files, wanted)); };
}

bool is_marker(const LayerFile& file) { return file.type == image::FileType::whiteout || file.type == image::FileType::opaque; }

std::vector<Row> read(Scan& scan) {
    std::vector<Row> rows;
    for (const ImageRef& ref : whole_images_wanted(scan)) {
        std::vector<std::string> steps;  // those that made a layer, lowest first
        for (const image::BuildStep& step : ref.image->config.history) {
            if (!step.empty_layer) steps.push_back(step.created_by);
        }
        const bool told = steps.size() == ref.image->layers.size();
        for (std::size_t i = 0; i < ref.image->layers.size(); ++i) rows.push_back({ref, i, told ? steps[i] : ""});
    }
    return rows;
}

}  // namespace

Table image_layer() {
    return make_table<Row>(TableSpec<Row>{
        .name = "image_layer",
        .help = "Layers of images: what made them and what lies in each, whether or not a later layer hides it.",
        .columns = all_columns<Row>(
            image_columns<Row>(),
            {{"created_by", Type::text, "instruction that made it; empty: the history does not tell", of(&Row::created_by)},
             {"size_bytes", Type::integer, "of its plain tar", [](const Row& row) { return cell(row.content().bytes); }},
             {"files", Type::integer, "files, folders and links in it", count_of([](const LayerFile& file) { return !is_marker(file); })},
             {"deletions", Type::integer, "files and folders of lower layers that it hides", count_of(is_marker)},
             {"setuid_files", Type::integer, "files with the set-user-id or set-group-id bit",
              count_of([](const LayerFile& file) { return file.set_uid() || file.set_gid(); })},
             {"world_writable", Type::integer, "files, and folders without sticky bit, that anybody may change",
              count_of([](const LayerFile& file) { return file.world_writable(); })},
             {"devices", Type::integer, "device nodes", count_of([](const LayerFile& file) { return file.type == image::FileType::device; })},
             {"owners", Type::integer, "different user ids that own files in it",
              [](const Row& row) {
                  std::vector<std::int64_t> owners;
                  for (const LayerFile& file : row.content().files) {
                      if (!is_marker(file)) owners.push_back(file.uid);
                  }
                  std::ranges::sort(owners);
                  return cell(std::ranges::distance(owners.begin(), std::ranges::unique(owners).begin()));
              }},
             {"secret_candidates", Type::integer, "what looks like a credential in it",
              [](const Row& row) {
                  std::size_t count = 0;
                  for (const auto& file : row.content().secret_files) count += file.secrets.size();
                  return cell(count);
              }},
             {"problems", Type::integer, "entries that could not be understood", [](const Row& row) { return cell(row.content().problems.size()); }}},
            layer_columns<Row>()),
        .keys = {"image_id"},
        .examples = {"select image_name, layer, created_by, size_bytes, files, setuid_files from image_layer order by 1, 2"},
        .rows = read,
        .reads_long = true});
}

}  // namespace bulkhead::tables
