// SPDX-License-Identifier: Apache-2.0
// image_secret_candidate: what looks like a credential in the files, environment, labels and build history of images. Values are
// never here: kind, place, and a short hash to tell two apart.
#include "tables/image_rows.h"

namespace bulkhead::tables {

using image::Secret;

namespace {

struct Row {
    ImageRef ref;
    std::string place;
    std::string path;
    const Secret* secret = nullptr;
    std::optional<std::size_t> layer;
    std::optional<std::size_t> hidden_by;
    std::optional<std::int64_t> step;
};

template <class Member>
auto secret(Member Secret::* member) {
    return [member](const Row& row) { return cell(row.secret->*member); };
}

std::vector<Row> read(Scan& scan) {
    std::vector<Row> rows;
    // What the configuration shows stands even where a layer cannot be read.
    for (const ImageRef& ref : images_wanted(scan)) {
        for (const image::ConfigSecret& one : ref.image->config.secrets) {
            const bool history = one.place == "history";
            rows.push_back({ref, one.place, "", &one.secret, {}, {}, history ? std::optional(one.step) : std::nullopt});
        }
        report(scan, ref, ref.image->view.file_problems);
        for (const image::SeenSecret& one : ref.image->view.secrets) rows.push_back({ref, "file", "/" + one.path, &one.secret, one.layer, one.hidden_by, {}});
    }
    return rows;
}

std::string locator_of(const Row& row) { return row.layer ? row.ref.image->layers[*row.layer].locator : row.ref.image->locator; }

}  // namespace

Table image_secret_candidate() {
    return make_table<Row>(TableSpec<Row>{
        .name = "image_secret_candidate",
        .help = "What looks like a credential in images: files of every layer, deleted ones too, environment, labels, build history.",
        .columns = all_columns<Row>(
            image_columns<Row>(),
            {{"kind", Type::text, "private_key, aws_access_key, ..., secret_setting, url_password", secret(&Secret::kind)},
             {"place", Type::text, "file, env, label, history", of(&Row::place)},
             {"path", Type::text, "file", [](const Row& row) { return text_or_null(row.path); }},
             {"line", Type::integer, "line of the file; 0: all of it", secret(&Secret::line)},
             {"name", Type::text, "setting, where it has a name", [](const Row& row) { return text_or_null(row.secret->name); }},
             {"step", Type::integer, "step of the build history, 0 is the oldest", of(&Row::step)},
             {"hash", Type::text, "first 8 digits of the value's SHA-256", secret(&Secret::hash)},
             {"likely", Type::boolean, "0: in documentation, tests or examples", secret(&Secret::likely)},
             {"layer", Type::integer, "position of the layer that has it; null: no file", of(&Row::layer)},
             {"deleted_in_layer", Type::integer, "layer that deletes or replaces it: still in the image for whoever pulls it", of(&Row::hidden_by)},
             {"locator", Type::text, std::string(locator_help), [](const Row& row) { return cell(locator_of(row)); }}}),
        .keys = {"image_id"},
        .examples = {"select image_name, kind, path, line, layer, deleted_in_layer from image_secret_candidate where likely"},
        .rows = read,
        .reads_long = true});
}

}  // namespace bulkhead::tables
