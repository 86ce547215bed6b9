// SPDX-License-Identifier: Apache-2.0
// image_package: what the package databases of images say is installed.
#include "tables/image_rows.h"

namespace bulkhead::tables {

using image::Package;

namespace {

struct Row {
    ImageRef ref;
    std::size_t layer = 0;
    const image::SeenPackage* seen = nullptr;
};

template <class Member>
auto package(Member Package::* member) {
    return [member](const Row& row) { return cell(row.seen->package.*member); };
}

std::vector<Row> read(Scan& scan) {
    std::vector<Row> rows;
    for (const ImageRef& ref : whole_images_wanted(scan)) {
        report(scan, ref, ref.image->view.package_problems);
        for (const image::SeenPackage& seen : ref.image->view.packages) rows.push_back({ref, seen.layer, &seen});
    }
    return rows;
}

}  // namespace

Table image_package() {
    return make_table<Row>(TableSpec<Row>{
        .name = "image_package",
        .help = "Packages that the databases of dpkg, apk and rpm in images tell of. An image without such a database has none here.",
        .columns = all_columns<Row>(image_columns<Row>(),
                                    {{"name", Type::text, "package", package(&Package::name)},
                                     {"version", Type::text, "version", package(&Package::version)},
                                     {"architecture", Type::text, "architecture", package(&Package::architecture)},
                                     {"source", Type::text, "source package, where it has another name", package(&Package::source)},
                                     {"manager", Type::text, "dpkg, apk, rpm", [](const Row& row) { return cell(row.seen->manager); }},
                                     {"database", Type::text, "file that tells of it", [](const Row& row) { return cell("/" + row.seen->database); }},
                                     {"installed_bytes", Type::integer, "size when installed; null: not told",
                                      [](const Row& row) { return row.seen->package.installed_bytes < 0 ? Cell{} : cell(row.seen->package.installed_bytes); }},
                                     {"code_files", Type::json, "its programs and shared libraries, without the leading slash; empty: none, or not told",
                                      package(&Package::code_files)}},
                                    layer_columns<Row>()),
        .keys = {"image_id"},
        .examples = {"select image_name, name, version from image_package where name in ('curl', 'gcc')"},
        .rows = read,
        .reads_long = true});
}

}  // namespace bulkhead::tables
