// SPDX-License-Identifier: Apache-2.0
// compose_port: ports that the services of the named Compose files publish.
#include <fmt/format.h>

#include "tables/compose_rows.h"

namespace bulkhead::tables {

namespace {

std::string text_of(const ComposeRow& row, std::string_view key) {
    const build::Tree* found = row.tree->find(key);
    return found != nullptr && found->is_scalar() ? found->text : std::string();
}

std::string resource(const ComposeRow& row) {
    const std::string address = text_of(row, "host_ip");
    return fmt::format("{}:{}:{}->{}/{}", row.service->name, address.find(':') == std::string::npos ? address : "[" + address + "]", text_of(row, "published"),
                       text_of(row, "target"), text_of(row, "protocol").empty() ? "tcp" : text_of(row, "protocol"));
}

}  // namespace

Table compose_port() {
    return make_table<ComposeRow>({
        .name = "compose_port",
        .help = "Ports that services of the named Compose files publish, in long form; ranges as they are written.",
        .columns = with_place({
            {"service", Type::text, "service", [](const ComposeRow& row) { return cell(row.service->name); }},
            {"active", Type::boolean, "the service is started", [](const ComposeRow& row) { return cell(row.active); }},
            {"target", Type::text, "port in the container", text_at("target")},
            {"published", Type::text, "port on the host; null: one that the engine chooses", text_at("published")},
            {"host_ip", Type::text, "address on the host; null: every address, or not known", text_at("host_ip")},
            {"protocol", Type::text, "tcp, udp or sctp", text_at("protocol")},
            {"mode", Type::text, "ingress or host", text_at("mode")},
            {"known", Type::boolean, "no variable in it is without a value", [](const ComposeRow& row) { return cell(!is_unresolved(*row.tree)); }},
            {"resource", Type::text, "service:hostip:published->target/protocol", [](const ComposeRow& row) { return cell(resource(row)); }},
        }),
        .examples = {"select resource, line from compose_port where host_ip is null"},
        .rows = [](Scan& scan) { return item_rows(scan, "ports"); },
    });
}

}  // namespace bulkhead::tables
