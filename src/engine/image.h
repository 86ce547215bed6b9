// SPDX-License-Identifier: Apache-2.0
// Images as the engine tells them: GET /images/json, /images/ID/json and /images/ID/history. Values; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/fields.h"
#include "world/reading.h"

namespace bulkhead::engine {

struct Image {
    std::string id;
    std::string parent_id;
    std::vector<std::string> repo_tags;
    std::vector<std::string> repo_digests;
    std::int64_t created = 0;  // unix seconds
    std::int64_t size = 0;
    std::int64_t virtual_size = 0;  // engines from API 1.44 give size only: the same number
    std::int64_t shared_size = -1;
    std::int64_t containers = -1;
    TextMap labels;

    [[nodiscard]] std::string display_name() const;  // first tag, first digest, or the id
};

struct ImageDetail {
    std::string id;
    std::string created;
    std::string author;
    std::string architecture;
    std::string os;
    std::string user;
    std::vector<std::string> healthcheck_test;
    std::vector<std::string> env_names;
    std::vector<std::string> exposed_ports;
    std::vector<std::string> volumes;
    std::vector<std::string> entrypoint;
    std::vector<std::string> cmd;
    std::vector<std::string> layers;

    world::ReadingPtr source;  // set by Engine
};

struct HistoryEntry {
    std::string id;  // "<missing>" for layers built elsewhere
    std::int64_t created = 0;
    std::string created_by;
    std::int64_t size = 0;
    std::vector<std::string> tags;
    std::string comment;
};

struct ImageHistory {
    std::string image_id;
    std::vector<HistoryEntry> entries;  // newest first
    world::ReadingPtr source;
};

Result<std::vector<Image>> parse_image_list(std::string_view bytes);
Result<ImageDetail> parse_image(std::string_view bytes);
Result<std::vector<HistoryEntry>> parse_history(std::string_view bytes);

}  // namespace bulkhead::engine
