// SPDX-License-Identifier: Apache-2.0
// What the image_* tables share: which images a query wants, their content, and passing on what could not be read of them. All of them
// read inside images, which takes seconds for one that nobody looked into before.
#pragma once

#include <string>
#include <vector>

#include "image/images.h"
#include "tables/docker_rows.h"

namespace bulkhead::tables {

struct ImageRef {
    const image::ImageFacts* image = nullptr;
    std::string name;  // first tag, digest or id
};

// Those of containers and all that have a name, or the one of the query's image_id. Images that vanished are left out; what could not be read
// of one becomes the scan's failure about that image.
std::vector<ImageRef> images_wanted(Scan& scan);
// Those of them whose layers are all known.
std::vector<ImageRef> whole_images_wanted(Scan& scan);

// Problems with one part of an image.
void report(Scan& scan, const ImageRef& ref, const std::vector<image::LayerProblem>& problems);

// Columns every image_* table begins with, for rows that have a member `ref` of type ImageRef.
template <class Row>
std::vector<Column<Row>> image_columns() {
    return {{"image_id", Type::text, "full id of the image", [](const Row& row) { return cell(row.ref.image->id); }},
            {"image_name", Type::text, "first tag, else first digest, else the id", [](const Row& row) { return cell(row.ref.name); }}};
}

// Columns for rows that also have a member `layer`: its position.
template <class Row>
std::vector<Column<Row>> layer_columns() {
    return {{"layer", Type::integer, "position of the layer it comes from; 0 is the lowest", [](const Row& row) { return cell(row.layer); }},
            {"layer_digest", Type::text, "digest of that layer's plain tar", [](const Row& row) { return cell(row.ref.image->layers[row.layer].digest); }},
            {"locator", Type::text, std::string(locator_help), [](const Row& row) { return cell(row.ref.image->layers[row.layer].locator); }}};
}

template <class Row>
std::vector<Column<Row>> all_columns(std::vector<Column<Row>> first, std::vector<Column<Row>> second, std::vector<Column<Row>> third = {}) {
    for (auto& column : second) first.push_back(std::move(column));
    for (auto& column : third) first.push_back(std::move(column));
    return first;
}

}  // namespace bulkhead::tables
