// SPDX-License-Identifier: Apache-2.0
// The history of a host on disk, and the one who writes it. A folder holds one SQLite file a day (flows-YYYYMMDD.sqlite, by the end of the
// flow, UTC) that stands for itself, and index.sqlite with what is kept longer: sums by minute and by hour, lives of containers,
// when somebody watched, and what was lost or thrown away. All open in the plain sqlite3 shell; the view `flows` of a day file reads well there.
// One thread of the writer's own writes; what was committed survives SIGKILL, what was not is at most one batch interval.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "flow/observed.h"
#include "history/event.h"

namespace bulkhead::history {

inline constexpr std::string_view default_folder = "/var/lib/bulkhead";

// The oldest goes first, by age and by size; what went is noted (Reader::pruned).
struct Retention {
    int flow_days = 7;
    std::uint64_t bytes = 2ULL << 30U;  // of all files together
    int minute_days = 30;               // sums by minute, lives of containers, counters
    int hour_days = 365;                // sums by hour
};

struct WriterOptions {
    std::string folder{default_folder};
    std::chrono::milliseconds batch_interval{1000};
    std::size_t queue_max = 32'768;  // flows that wait for the writer's thread
    Retention retention;
    std::uint64_t file_bytes_max = 0;      // no file grows beyond; 0: the disk is the limit
    std::function<UnixMs()> now = now_ms;  // decides on days, retention and what is kept about when; called by the writer's thread
};

// Why a flow or an event is not in the history.
enum class Lost : std::uint8_t {
    queue_full,    // it came faster than it could be written; the newest is dropped
    disk_full,     // no room in the filesystem, or file_bytes_max
    write_failed,  // any other failure; WriterStatus::last_error says which
    wrong_time,    // it ended before what is kept, or more than a day from now
    closed,        // add() after close()
};
inline constexpr std::size_t lost_causes = 5;
std::string_view name(Lost cause);

struct WriterStatus {
    std::uint64_t flows_written = 0;  // committed
    std::uint64_t flows_waiting = 0;  // in the queue
    std::uint64_t flows_pruned = 0;
    std::uint64_t bytes_on_disk = 0;
    std::array<std::uint64_t, lost_causes> lost{};  // by cause
    std::uint64_t sums_folded = 0;                  // flows whose port was left out of the sums: too many ports in that minute
    std::string last_error;                         // empty: the last batch was written
};

class Writer {
  public:
    // Makes the folder (0700) where there is none. Errors: permission_denied (the folder is read-only or another's), unavailable (another
    // bulkhead writes there; the message names its pid), corrupt (index.sqlite is no history), unsupported (of a newer bulkhead).
    static Result<std::unique_ptr<Writer>> open(WriterOptions options);
    ~Writer();  // as close()
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;

    // Puts it on the queue and returns at once; false: dropped and counted. Any thread, though flows are meant to come from one.
    bool add(flow::Observed observed);
    bool add(ContainerEvent event);
    bool add(BlindSpot spot);
    bool add(DatapathCounters counters);

    // Returns when what was added before is committed or counted as lost, and what the clock asks for (a new day, pruning) is done.
    void flush();
    // Writes what waits, ends this watch and lets the folder go. A second call does nothing.
    void close();
    [[nodiscard]] WriterStatus status() const;  // any thread

  private:
    struct Work;
    explicit Writer(std::unique_ptr<Work> work);
    std::unique_ptr<Work> work_;
};

}  // namespace bulkhead::history
