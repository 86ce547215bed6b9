// SPDX-License-Identifier: Apache-2.0
#include "history/keeper.h"

#include <fmt/format.h>

#include <algorithm>

#include "history/schema.h"

namespace bulkhead::history {

namespace {

constexpr std::size_t days_open_max = 3;
constexpr std::size_t events_waiting_max = 10'000;
constexpr std::size_t sums_waiting_max = 200'000;  // while index.sqlite cannot be written
constexpr UnixMs loss_span_ms = 60'000;            // losses of one cause within it are one blind spot
constexpr std::int64_t ns_per_ms = 1'000'000;

Lost cause_of(const Error& error) { return error.code == Code::limit_exceeded ? Lost::disk_full : Lost::write_failed; }

}  // namespace

Result<std::unique_ptr<Keeper>> Keeper::open(const WriterOptions& options) {
    auto lock = FolderLock::take(options.folder);
    if (!lock) return std::unexpected(lock.error());
    std::unique_ptr<Keeper> keeper(new Keeper(options, std::move(*lock)));
    keeper->now_ = options.now();
    auto index = IndexFile::open(options.folder + "/" + std::string(index_name), options.file_bytes_max, keeper->now_);
    if (!index) return std::unexpected(index.error());
    keeper->index_ = std::move(*index);
    keeper->prune(keeper->now_);
    return keeper;
}

void Keeper::set_aside(const std::string& path, const Error& error) {
    const std::string to = fmt::format("{}.broken-{}", path, now_);
    if (!rename_database(path, to)) return;
    add(BlindSpot{now_, now_, "file_broken", path, 0, fmt::format("{}; it is kept as {}", error.message, to)});
}

void Keeper::open_day(Day& day) {
    auto opened = DayFile::open(day.path, day.number, options_.file_bytes_max);
    if (!opened && opened.error().code == Code::corrupt) {
        set_aside(day.path, opened.error());
        opened = DayFile::open(day.path, day.number, options_.file_bytes_max);
    }
    if (opened) {
        day.file = std::move(*opened);
    } else {
        give_up(day, opened.error(), 0);
    }
}

Keeper::Day& Keeper::day_of(std::int64_t number) {
    const auto known = std::ranges::find(days_, number, &Day::number);
    if (known != days_.end()) {
        if (!known->file && !known->failed) open_day(*known);
        return *known;
    }
    if (days_.size() >= days_open_max) {
        const auto oldest = std::ranges::min_element(days_, {}, &Day::number);
        if (oldest->file) {
            const std::uint64_t rows = oldest->file->uncommitted();
            if (auto committed = oldest->file->commit(); committed) {
                status_.flows_written += rows;
            } else {
                give_up(*oldest, committed.error(), 0);
            }
        }
        days_.erase(oldest);
    }
    days_.push_back({nullptr, options_.folder + "/" + day_file_name(number), number, false});
    open_day(days_.back());
    return days_.back();
}

// The batch of that day is lost with what `more` says; the next one tries again.
void Keeper::give_up(Day& day, const Error& error, std::uint64_t more) {
    status_.last_error = error.message;
    day.failed = true;
    day.cause = cause_of(error);
    lost(day.cause, more);
    if (!day.file) return;
    lost(day.cause, day.file->uncommitted());
    day.file->roll_back();
}

void Keeper::add(const flow::Observed& observed) {
    const std::int64_t today = day_of_ns(now_ * ns_per_ms);
    const std::int64_t number = day_of_ns(observed.record.last_ns);
    if (number < today - options_.retention.flow_days || number > today + 1) return lost(Lost::wrong_time, 1);
    Day& day = day_of(number);
    if (day.failed || !day.file) return lost(day.cause, 1);
    auto conversation = day.file->add(observed);
    if (!conversation) return give_up(day, conversation.error(), 1);
    sums_.add(observed, **conversation);
}

void Keeper::add(ContainerEvent event) {
    if (batch_.containers.size() < events_waiting_max) return batch_.containers.push_back(std::move(event));
    lost(Lost::write_failed, 1);
}

void Keeper::add(BlindSpot spot) {
    if (batch_.blind.size() < events_waiting_max) return batch_.blind.push_back(std::move(spot));
    lost(Lost::write_failed, 1);
}

void Keeper::add(DatapathCounters counters) {
    if (batch_.counters.size() < events_waiting_max) return batch_.counters.push_back(std::move(counters));
    lost(Lost::write_failed, 1);
}

void Keeper::lost(Lost cause, std::uint64_t count) {
    if (count == 0) return;
    const auto at = static_cast<std::size_t>(cause);
    status_.lost[at] += count;
    LossSpan& span = losses_[at];
    if (span.count == 0) span.from_ms = now_;
    span.until_ms = now_;
    span.count += count;
}

void Keeper::commit_days() {
    for (Day& day : days_) {
        if (day.file && !day.failed) {
            const std::uint64_t rows = day.file->uncommitted();
            if (auto committed = day.file->commit(); committed) {
                status_.flows_written += rows;
                if (rows > 0) status_.last_error.clear();
            } else {
                give_up(day, committed.error(), 0);
            }
        }
        day.failed = false;
    }
}

// Losses become blind spots when they are over, or each minute while they go on.
void Keeper::note_losses(bool all) {
    for (std::size_t cause = 0; cause < lost_causes; ++cause) {
        LossSpan& span = losses_[cause];
        if (span.count == 0) continue;
        const bool over = span.until_ms < now_;
        if (!all && !over && now_ - span.from_ms < loss_span_ms) continue;
        if (batch_.blind.size() >= events_waiting_max) return;  // kept for later
        batch_.blind.push_back(
            {span.from_ms, std::max(span.until_ms, span.from_ms), std::string(name(static_cast<Lost>(cause))), {}, static_cast<std::int64_t>(span.count), {}});
        span = {};
    }
}

void Keeper::write_index() {
    auto written = index_->write(sums_, batch_, now_);
    if (written) return;
    status_.last_error = written.error().message;
    if (sums_.waiting() < sums_waiting_max) return;
    add(BlindSpot{now_, now_, "sums_lost", {}, static_cast<std::int64_t>(sums_.waiting()), status_.last_error});
    sums_.drop();
}

void Keeper::commit() {
    look_at_clock();
    commit_days();
    note_losses(false);
    write_index();
    prune(now_);
}

void Keeper::close() {
    look_at_clock();
    commit_days();
    note_losses(true);
    write_index();
    if (auto ended = index_->end_watch(now_); !ended) status_.last_error = ended.error().message;
    for (Day& day : days_) {
        if (day.file) (void)day.file->finish();
    }
    days_.clear();
}

}  // namespace bulkhead::history
