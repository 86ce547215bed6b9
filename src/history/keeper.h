// SPDX-License-Identifier: Apache-2.0
// Keeps flows and events in the folder's files: which day file, batches as transactions, what to do when that fails, and what has to go to make room.
// No queue and no thread of its own (writer.cpp). Owned by the writer's thread.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "history/day_file.h"
#include "history/folder.h"
#include "history/index_file.h"
#include "history/writer.h"

namespace bulkhead::history {

class Keeper {
  public:
    static Result<std::unique_ptr<Keeper>> open(const WriterOptions& options);

    // Looks at the clock; before what came together is added.
    void look_at_clock() { now_ = options_.now(); }
    void add(const flow::Observed& observed);
    void add(ContainerEvent event);
    void add(BlindSpot spot);
    void add(DatapathCounters counters);
    // Lost before it came here.
    void lost(Lost cause, std::uint64_t count);

    // Ends the transactions; what cannot be written is lost and counted. Prunes when it is time.
    void commit();
    void close();
    [[nodiscard]] const WriterStatus& status() const { return status_; }

  private:
    struct Day {
        std::unique_ptr<DayFile> file;  // null: it could not be opened in this batch
        std::string path;
        std::int64_t number = 0;
        bool failed = false;  // nothing more is added before the next batch
        Lost cause = Lost::write_failed;
    };
    struct LossSpan {
        UnixMs from_ms = 0, until_ms = 0;
        std::uint64_t count = 0;
    };
    explicit Keeper(WriterOptions options, FolderLock lock) : options_(std::move(options)), lock_(std::move(lock)) {}

    Day& day_of(std::int64_t number);
    void open_day(Day& day);
    void set_aside(const std::string& path, const Error& error);
    void give_up(Day& day, const Error& error, std::uint64_t more);
    void commit_days();
    void note_losses(bool all);
    void write_index();

    void prune(UnixMs now);  // prune.cpp
    void prune_by_age(UnixMs now);
    void prune_by_size(UnixMs now);
    void finish_old_days(UnixMs now);
    bool remove_day(const DayOnDisk& day, const std::string& cause, UnixMs now);
    void note_pruned(const Pruned& pruned);
    bool is_open(std::int64_t number) const;

    WriterOptions options_;
    FolderLock lock_;
    std::unique_ptr<IndexFile> index_;
    std::vector<Day> days_;
    Sums sums_;
    IndexBatch batch_;
    std::array<LossSpan, lost_causes> losses_{};
    UnixMs now_ = 0;
    UnixMs pruned_at_ = 0;
    std::int64_t pruned_day_ = 0;
    WriterStatus status_;
};

}  // namespace bulkhead::history
