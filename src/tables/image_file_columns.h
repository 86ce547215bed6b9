// SPDX-License-Identifier: Apache-2.0
// The columns that image_file and image_file_list share.
#pragma once

#include <fmt/format.h>

#include "tables/image_rows.h"

namespace bulkhead::tables {

struct ImageFileRow {
    ImageRef ref;
    std::size_t layer = 0;
    image::LayerFile file;
};

inline std::string_view type_name(image::FileType type) {
    switch (type) {
        case image::FileType::regular: return "regular";
        case image::FileType::directory: return "directory";
        case image::FileType::symlink: return "symlink";
        case image::FileType::hard_link: return "hard_link";
        case image::FileType::device: return "device";
        default: return "other";
    }
}

inline std::vector<Column<ImageFileRow>> image_file_columns() {
    using Row = ImageFileRow;
    using image::LayerFile;
    const auto asked = [](bool (LayerFile::*question)() const) { return [question](const Row& row) { return cell((row.file.*question)()); }; };
    return all_columns<Row>(
        image_columns<Row>(),
        {{"path", Type::text, "path in the image", [](const Row& row) { return cell("/" + row.file.path); }},
         {"type", Type::text, "regular, directory, symlink, hard_link, device, other", [](const Row& row) { return cell(type_name(row.file.type)); }},
         {"mode", Type::text, "permission bits, as 4755", [](const Row& row) { return cell(fmt::format("{:04o}", row.file.mode)); }},
         {"uid", Type::integer, "owner", [](const Row& row) { return cell(row.file.uid); }},
         {"gid", Type::integer, "group", [](const Row& row) { return cell(row.file.gid); }},
         {"size_bytes", Type::integer, "size", [](const Row& row) { return cell(row.file.size); }},
         {"link", Type::text, "where a symbolic link leads, or the other name of a hard link", [](const Row& row) { return cell(row.file.link); }},
         {"setuid", Type::boolean, "runs as its owner", asked(&LayerFile::set_uid)},
         {"setgid", Type::boolean, "runs as its group", asked(&LayerFile::set_gid)},
         {"world_writable", Type::boolean, "anybody may change it; folders with the sticky bit are not counted", asked(&LayerFile::world_writable)},
         {"capabilities", Type::boolean, "has file capabilities", [](const Row& row) { return cell(row.file.capabilities); }}},
        layer_columns<Row>());
}

}  // namespace bulkhead::tables
