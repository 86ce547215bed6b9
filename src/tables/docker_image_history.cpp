// SPDX-License-Identifier: Apache-2.0
// docker_image_history: the build steps of images, newest first. Columns of osquery.
#include "tables/docker_rows.h"
#include "world/redact.h"

namespace bulkhead::tables {

using engine::HistoryEntry;
using engine::ImageHistory;

namespace {

struct HistoryRow {
    const ImageHistory* history = nullptr;
    const HistoryEntry* entry = nullptr;
    std::size_t step = 0;  // 0: the oldest
};

template <class Member>
auto field(Member HistoryEntry::* member) {
    return [member](const HistoryRow& row) { return cell(row.entry->*member); };
}

std::vector<HistoryRow> history_rows(Scan& scan) {
    auto& engine = scan.facts().engine;
    const auto image = scan.wanted("image_id");
    std::vector<HistoryRow> rows;
    for (const ImageHistory& history : items_of(scan, image ? engine.image_history(*image) : engine.image_histories())) {
        for (std::size_t i = 0; i < history.entries.size(); ++i) rows.push_back({&history, &history.entries[i], history.entries.size() - 1 - i});
    }
    return rows;
}

}  // namespace

Table docker_image_history() {
    return make_table<HistoryRow>({
        .name = "docker_image_history",
        .help = "Build steps of images, as the images keep them. ENV and ARG by name only.",
        .columns =
            {
                {"image_id", Type::text, "image", [](const HistoryRow& row) { return cell(row.history->image_id); }},
                {"step", Type::integer, "0 is the oldest", [](const HistoryRow& row) { return cell(row.step); }},
                {"id", Type::text, "of the step's image; <missing>: built elsewhere", field(&HistoryEntry::id)},
                {"created", Type::integer, "unix seconds", field(&HistoryEntry::created)},
                {"size", Type::integer, "bytes it added", field(&HistoryEntry::size)},
                {"created_by", Type::text, "instruction", [](const HistoryRow& row) { return cell(world::redact_build_step(row.entry->created_by)); }},
                {"tags", Type::json, "tags of the step's image", field(&HistoryEntry::tags)},
                {"comment", Type::text, "comment", field(&HistoryEntry::comment)},
                {"locator", Type::text, std::string(locator_help),
                 [](const HistoryRow& row) { return row.history->source ? cell(row.history->source->locator) : Cell{}; }},
            },
        .keys = {"image_id"},
        .examples = {"select image_id, created_by from docker_image_history where created_by like '%ADD %'"},
        .rows = history_rows,
    });
}

}  // namespace bulkhead::tables
