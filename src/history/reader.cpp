// SPDX-License-Identifier: Apache-2.0
#include "history/reader.h"

#include <algorithm>

#include "history/day_reader.h"
#include "history/folder.h"
#include "history/index_reader.h"
#include "history/schema.h"

namespace bulkhead::history {

struct Reader::Files {
    std::string folder;
    IndexReader index;
};

Reader::Reader(std::unique_ptr<Files> files) : files_(std::move(files)) {}

Reader::~Reader() = default;

Result<std::unique_ptr<Reader>> Reader::open(std::string folder) {
    auto index = IndexReader::open(folder + "/" + std::string(index_name));
    if (!index) {
        if (index.error().code == Code::not_found) return fail(Code::not_found, "no history in " + folder);
        return std::unexpected(index.error().in("history"));
    }
    return std::unique_ptr<Reader>(new Reader(std::make_unique<Files>(Files{std::move(folder), std::move(*index)})));
}

UnixMs Coverage::watched_ms() const {
    UnixMs sum = 0;
    for (const Interval& interval : watched) sum += interval.until_ms - interval.from_ms;
    return sum;
}

Result<ReadResult> Reader::flows(const Query& query, const std::function<bool(const flow::Observed&)>& take) {
    auto days = days_in(files_->folder);
    if (!days) return std::unexpected(days.error().in("history"));
    // A flow lies in the file of the day on which it ended, so one that began in the time asked for may lie in any later one.
    const std::int64_t first_day = query.since_ns == INT64_MIN ? INT64_MIN : day_of_ns(query.since_ns);
    std::erase_if(*days, [&](const DayOnDisk& day) { return day.day < first_day; });
    if (query.newest_first) std::ranges::reverse(*days);
    ReadResult result;
    for (const DayOnDisk& day : *days) {
        auto reader = DayReader::open(day.path);
        if (!reader && reader.error().code == Code::not_found) continue;  // pruned in this moment
        if (!reader) return std::unexpected(reader.error().in("history"));
        if (auto read = (*reader)->read(query, take, result); !read) return std::unexpected(read.error().in("history: " + day.path));
        if (result.stopped) break;
    }
    return result;
}

Result<std::vector<Edge>> Reader::edges(UnixMs since, UnixMs until) { return files_->index.edges(since, until); }
Result<Coverage> Reader::coverage(UnixMs since, UnixMs until) { return files_->index.coverage(since, until); }
Result<std::vector<ContainerEvent>> Reader::containers(UnixMs since, UnixMs until) { return files_->index.containers(since, until); }
Result<std::vector<DatapathCounters>> Reader::counters(UnixMs since, UnixMs until) { return files_->index.counters(since, until); }
Result<std::vector<Pruned>> Reader::pruned() { return files_->index.pruned(); }

}  // namespace bulkhead::history
