// SPDX-License-Identifier: Apache-2.0
// compose_volume: what the services of the named Compose files mount.
#include "tables/compose_rows.h"

namespace bulkhead::tables {

namespace {

const build::Tree* named(const ComposeRow& row) {
    const build::Tree* source = row.tree->find("source");
    const build::Tree* volumes = row.project->section("volumes");
    return source == nullptr || volumes == nullptr ? nullptr : volumes->find(source->text);
}

// bind: {propagation: x} of the long form; the short form's option.
Cell propagation(const ComposeRow& row) {
    const build::Tree* found = value_at(row.tree, {"bind", "propagation"});
    return text_cell(found != nullptr ? found : row.tree->find("propagation"));
}

}  // namespace

Table compose_volume() {
    return make_table<ComposeRow>({
        .name = "compose_volume",
        .help = "Mounts of the services of the named Compose files, in long form.",
        .columns = with_place({
            {"service", Type::text, "service", [](const ComposeRow& row) { return cell(row.service->name); }},
            {"active", Type::boolean, "the service is started", [](const ComposeRow& row) { return cell(row.active); }},
            {"type", Type::text, "bind, volume, tmpfs, npipe, cluster, image", text_at("type")},
            {"source", Type::text, "path on the host, or name of a volume", text_at("source")},
            {"target", Type::text, "path in the container", text_at("target")},
            {"read_only", Type::boolean, "mounted read-only", boolean_at("read_only")},
            {"propagation", Type::text, "of a bind mount; null: rprivate", propagation},
            {"options", Type::text, "of the short form", text_at("options")},
            {"driver", Type::text, "of the named volume", [](const ComposeRow& row) { return text_cell(value_at(named(row), {"driver"})); }},
            {"driver_opts", Type::json, "of the named volume", [](const ComposeRow& row) { return json_cell(value_at(named(row), {"driver_opts"})); }},
            {"external", Type::boolean, "the named volume exists outside",
             [](const ComposeRow& row) { return boolean_cell(value_at(named(row), {"external"})); }},
            {"known", Type::boolean, "no variable in it is without a value", [](const ComposeRow& row) { return cell(!is_unresolved(*row.tree)); }},
        }),
        .examples = {"select service, source, target, line from compose_volume where type = 'bind'"},
        .rows = [](Scan& scan) { return item_rows(scan, "volumes"); },
    });
}

}  // namespace bulkhead::tables
