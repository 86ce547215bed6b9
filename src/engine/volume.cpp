// SPDX-License-Identifier: Apache-2.0
#include "engine/volume.h"

namespace bulkhead::engine {

namespace {

Result<Volume> volume_from(const json::Value& item) {
    auto name = item["Name"].text();
    if (!name || name->empty()) return fail(Code::corrupt, "a volume without Name");
    Volume volume;
    volume.name = std::move(*name);
    volume.driver = item["Driver"].text_or();
    volume.created = item["CreatedAt"].text_or();
    volume.mountpoint = item["Mountpoint"].text_or();
    volume.scope = item["Scope"].text_or();
    volume.labels = text_map(item["Labels"]);
    volume.options = text_map(item["Options"]);
    volume.status = item["Status"].dump();
    volume.usage_data = item["UsageData"].dump();
    return volume;
}

}  // namespace

Result<std::vector<Volume>> parse_volume_list(std::string_view bytes) {
    if (bytes.size() > list_bytes_max) return fail(Code::limit_exceeded, "a list of volumes larger than the limit");
    const auto document = json::Document::parse(bytes);
    if (!document) return std::unexpected(document.error());
    const json::Value volumes = document->root()["Volumes"];
    if (!volumes.is_array() && !(document->root().is_object() && volumes.is_null())) return fail(Code::corrupt, "no list of Volumes");
    return each<Volume>(volumes, volume_from);
}

}  // namespace bulkhead::engine
