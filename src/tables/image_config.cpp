// SPDX-License-Identifier: Apache-2.0
// image_config: what images are made of and what was found of them as a whole. One row an image whose content could be read.
#include "tables/image_rows.h"

namespace bulkhead::tables {

using image::ImageConfig;

namespace {

struct Row {
    ImageRef ref;
};

template <class Member>
auto config(Member ImageConfig::* member) {
    return [member](const Row& row) { return cell(row.ref.image->config.*member); };
}

template <class Member>
auto view(Member image::ImageView::* member) {
    return [member](const Row& row) { return row.ref.image->problems.empty() ? cell(row.ref.image->view.*member) : Cell{}; };
}

std::vector<Row> read(Scan& scan) {
    std::vector<Row> rows;
    for (ImageRef& ref : images_wanted(scan)) rows.push_back({std::move(ref)});
    return rows;
}

}  // namespace

Table image_config() {
    return make_table<Row>(TableSpec<Row>{
        .name = "image_config",
        .help = "What images are made of: their configuration, from their own content, and what was found in all layers together.",
        .columns = all_columns<Row>(
            image_columns<Row>(),
            {{"config_digest", Type::text, "digest of the configuration", config(&ImageConfig::config_digest)},
             {"names", Type::json, "tags that an archive gives it", config(&ImageConfig::names)},
             {"os_name", Type::text, "PRETTY_NAME of os-release", view(&image::ImageView::os_name)},
             {"created_at", Type::text, "RFC 3339", config(&ImageConfig::created)},
             {"author", Type::text, "author", config(&ImageConfig::author)},
             {"architecture", Type::text, "architecture", config(&ImageConfig::architecture)},
             {"os", Type::text, "operating system", config(&ImageConfig::os)},
             {"user", Type::text, "configured user; empty: root", config(&ImageConfig::user)},
             {"working_dir", Type::text, "folder it starts in", config(&ImageConfig::working_dir)},
             {"stop_signal", Type::text, "signal that ends it", config(&ImageConfig::stop_signal)},
             {"env_names", Type::json, "names of environment variables", config(&ImageConfig::env_names)},
             {"exposed_ports", Type::json, "exposed ports", config(&ImageConfig::exposed_ports)},
             {"volumes", Type::json, "paths that become volumes", config(&ImageConfig::volumes)},
             {"entrypoint", Type::json, "entry point", config(&ImageConfig::entrypoint)},
             {"cmd", Type::json, "command", config(&ImageConfig::cmd)},
             {"healthcheck_test", Type::json, "health check", config(&ImageConfig::healthcheck_test)},
             {"onbuild", Type::json, "instructions for images built on it", config(&ImageConfig::onbuild)},
             {"labels", Type::json, "labels", config(&ImageConfig::labels)},
             {"layers", Type::json, "digests of the layers' plain tars, lowest first", config(&ImageConfig::layers)},
             {"package_databases", Type::json, "paths of the package databases in it; null: a layer could not be read", view(&image::ImageView::databases)},
             {"has_passwd", Type::boolean, "it has an /etc/passwd", view(&image::ImageView::has_passwd)},
             {"searched_files", Type::integer, "files searched for secrets", view(&image::ImageView::searched_files)},
             {"unsearched_files", Type::integer, "files too large for that", view(&image::ImageView::unsearched_files)},
             {"locator", Type::text, std::string(locator_help), [](const Row& row) { return cell(row.ref.image->locator); }}}),
        .keys = {"image_id"},
        .examples = {"select image_name, os_name, user, package_databases from image_config"},
        .rows = read,
        .reads_long = true});
}

}  // namespace bulkhead::tables
