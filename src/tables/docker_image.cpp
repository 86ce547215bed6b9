// SPDX-License-Identifier: Apache-2.0
// docker_image: images with what their configuration says. Columns of Steampipe and osquery, then those of the inspect.
#include <map>

#include "tables/docker_rows.h"

namespace bulkhead::tables {

using engine::Image;
using engine::ImageDetail;

namespace {

struct ImageRow {
    const Image* image = nullptr;
    const ImageDetail* detail = nullptr;  // null: could not be inspected, and the scan says so
    std::string list_locator;
};

template <class Member>
auto field(Member Image::* member) {
    return [member](const ImageRow& row) { return cell(row.image->*member); };
}

template <class Member>
auto detail(Member ImageDetail::* member) {
    return [member](const ImageRow& row) { return row.detail == nullptr ? Cell{} : cell(row.detail->*member); };
}

std::vector<ImageRow> image_rows(Scan& scan) {
    auto& engine = scan.facts().engine;
    std::map<std::string, const ImageDetail*> details;
    for (const ImageDetail& one : items_of(scan, engine.image_details())) details.emplace(one.id, &one);
    std::vector<ImageRow> rows;
    for (const Image& image : engine.images().items) {
        const auto found = details.find(image.id);
        rows.push_back({&image, found == details.end() ? nullptr : found->second, engine.images().locator});
    }
    return rows;
}

}  // namespace

Table docker_image() {
    return make_table<ImageRow>({
        .name = "docker_image",
        .help = "Images (without intermediate ones).",
        .columns =
            {
                {"id", Type::text, "full id", field(&Image::id)},
                {"name", Type::text, "first tag, else first digest, else the id", [](const ImageRow& row) { return cell(row.image->display_name()); }},
                {"repo_tags", Type::json, "tags", field(&Image::repo_tags)},
                {"repo_digests", Type::json, "digests in registries", field(&Image::repo_digests)},
                {"parent_id", Type::text, "parent, where built here", field(&Image::parent_id)},
                {"created", Type::integer, "unix seconds", field(&Image::created)},
                {"created_at", Type::text, "RFC 3339", detail(&ImageDetail::created)},
                {"size", Type::integer, "bytes", field(&Image::size)},
                {"size_bytes", Type::integer, "the same as size", field(&Image::size)},
                {"virtual_size", Type::integer, "bytes", field(&Image::virtual_size)},
                {"shared_size", Type::integer, "bytes; -1: not counted", field(&Image::shared_size)},
                {"containers", Type::integer, "containers of it; -1: not counted", field(&Image::containers)},
                {"labels", Type::json, "labels", field(&Image::labels)},
                {"user", Type::text, "configured user; empty: root", detail(&ImageDetail::user)},
                {"healthcheck_test", Type::json, "health check", detail(&ImageDetail::healthcheck_test)},
                {"env_names", Type::json, "names of environment variables", detail(&ImageDetail::env_names)},
                {"exposed_ports", Type::json, "exposed ports", detail(&ImageDetail::exposed_ports)},
                {"volumes", Type::json, "paths that become volumes", detail(&ImageDetail::volumes)},
                {"entrypoint", Type::json, "entry point", detail(&ImageDetail::entrypoint)},
                {"cmd", Type::json, "command", detail(&ImageDetail::cmd)},
                {"layers", Type::json, "digests of its layers", detail(&ImageDetail::layers)},
                {"author", Type::text, "author", detail(&ImageDetail::author)},
                {"architecture", Type::text, "architecture", detail(&ImageDetail::architecture)},
                {"os", Type::text, "operating system", detail(&ImageDetail::os)},
                {"locator", Type::text, std::string(locator_help),
                 [](const ImageRow& row) { return cell(row.detail != nullptr && row.detail->source ? row.detail->source->locator : row.list_locator); }},
            },
        .examples = {"select name, size, user from docker_image"},
        .rows = image_rows,
    });
}

}  // namespace bulkhead::tables
