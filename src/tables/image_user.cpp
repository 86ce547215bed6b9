// SPDX-License-Identifier: Apache-2.0
// image_user: the accounts in the /etc/passwd of images.
#include "tables/image_rows.h"

namespace bulkhead::tables {

using image::Account;

namespace {

struct Row {
    ImageRef ref;
    std::size_t layer = 0;
    const image::SeenAccount* seen = nullptr;
};

template <class Member>
auto account(Member Account::* member) {
    return [member](const Row& row) { return cell(row.seen->account.*member); };
}

std::vector<Row> read(Scan& scan) {
    std::vector<Row> rows;
    for (const ImageRef& ref : whole_images_wanted(scan)) {
        report(scan, ref, ref.image->view.account_problems);
        for (const image::SeenAccount& seen : ref.image->view.accounts) rows.push_back({ref, seen.first_layer, &seen});
    }
    return rows;
}

}  // namespace

Table image_user() {
    return make_table<Row>(
        TableSpec<Row>{.name = "image_user",
                       .help = "Accounts of images, and the layer that brought each.",
                       .columns = all_columns<Row>(image_columns<Row>(),
                                                   {{"name", Type::text, "account", account(&Account::name)},
                                                    {"uid", Type::integer, "user id", account(&Account::uid)},
                                                    {"gid", Type::integer, "group id", account(&Account::gid)},
                                                    {"groups", Type::json, "names of its groups", [](const Row& row) { return cell(row.seen->groups); }},
                                                    {"home", Type::text, "home directory", account(&Account::home)},
                                                    {"shell", Type::text, "login shell", account(&Account::shell)},
                                                    {"password", Type::text, "empty (anybody may log in), locked, set, unknown (shadow was not read)",
                                                     [](const Row& row) { return cell(row.seen->password); }},
                                                    {"line", Type::integer, "line of /etc/passwd; the first that fits counts", account(&Account::line)}},
                                                   layer_columns<Row>()),
                       .keys = {"image_id"},
                       .examples = {"select image_name, name, uid, layer from image_user where uid = 0 or password = 'empty'"},
                       .rows = read,
                       .reads_long = true});
}

}  // namespace bulkhead::tables
