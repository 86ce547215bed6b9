// SPDX-License-Identifier: Apache-2.0
// What has to go: by age, then by size, the oldest first; each removal is noted in index.sqlite. A day file goes as a whole, which costs one unlink; of
// today's only when nothing else is left, block by block.
#include <algorithm>

#include "history/keeper.h"
#include "history/schema.h"

namespace bulkhead::history {

namespace {

constexpr UnixMs prune_interval_ms = 10'000;
constexpr std::int64_t ns_per_ms = 1'000'000;
constexpr int share_of_index = 2;  // sums may take one part in this many before they have to go, too
constexpr int removals_a_time = 64;

UnixMs day_begin_ms(std::int64_t day) { return day * ms_per_day; }

std::int64_t rows_of(const std::string& path) {
    auto database = Database::open_to_read(path);
    return database ? database->number("select sum(rows) from block").value_or(0) : 0;
}

}  // namespace

void Keeper::note_pruned(const Pruned& pruned) {
    if (pruned.what == "flows") status_.flows_pruned += static_cast<std::uint64_t>(pruned.rows);
    if (auto noted = index_->note_pruned(pruned); !noted) status_.last_error = noted.error().message;
}

bool Keeper::remove_day(const DayOnDisk& day, const std::string& cause, UnixMs now) {
    const std::int64_t rows = rows_of(day.path);
    std::erase_if(days_, [&](const Day& open) { return open.number == day.day; });
    if (auto removed = remove_database(day.path); !removed) {
        status_.last_error = removed.error().message;
        return false;
    }
    note_pruned({now, day_begin_ms(day.day), day_begin_ms(day.day + 1), "flows", rows, cause});
    return true;
}

void Keeper::prune_by_age(UnixMs now) {
    const std::int64_t today = day_of_ns(now * ns_per_ms);
    auto days = days_in(options_.folder);
    if (!days) {
        status_.last_error = days.error().message;
        return;
    }
    for (const DayOnDisk& day : *days) {
        if (day.day < today - options_.retention.flow_days) remove_day(day, "age", now);
    }
    const UnixMs minutes_from = now - options_.retention.minute_days * ms_per_day;
    const UnixMs hours_from = now - options_.retention.hour_days * ms_per_day;
    for (const auto& [what, before] : {std::pair{"minutes", minutes_from},
                                       {"containers", minutes_from},
                                       {"counters", minutes_from},
                                       {"hours", hours_from},
                                       {"blind_spots", hours_from},
                                       {"watches", hours_from}}) {
        if (auto pruned = index_->prune(what, before, "age", now); !pruned) status_.last_error = pruned.error().message;
    }
}

void Keeper::prune_by_size(UnixMs now) {
    const std::int64_t today = day_of_ns(now * ns_per_ms);
    const std::uint64_t index_bytes = index_->bytes().value_or(0);
    auto days = days_in(options_.folder);
    if (!days) return;
    std::uint64_t sum = index_bytes;
    for (DayOnDisk& day : *days) {
        for (const Day& open : days_) {
            if (open.number == day.day && open.file) day.bytes = open.file->bytes().value_or(day.bytes);
        }
        sum += day.bytes;
    }
    for (const DayOnDisk& day : *days) {
        if (sum <= options_.retention.bytes || day.day >= today) break;
        if (remove_day(day, "size", now)) sum -= day.bytes;
    }
    for (int i = 0; i < removals_a_time && index_bytes > options_.retention.bytes / share_of_index; ++i) {
        const UnixMs oldest = std::max(index_->oldest_minute().value_or(0), UnixMs{0});
        const bool minutes_left = oldest != 0;
        const UnixMs from = minutes_left ? oldest : index_->oldest_hour().value_or(0);
        if (from == 0 || from > now - ms_per_day / 24) break;
        if (!index_->prune(minutes_left ? "minutes" : "hours", from + ms_per_day / 24, "size", now)) break;
        if (index_->bytes().value_or(0) <= options_.retention.bytes / share_of_index) break;
    }
    for (Day& open : days_) {
        for (int i = 0; i < removals_a_time && sum > options_.retention.bytes && open.file && open.number >= today; ++i) {
            const std::uint64_t before = open.file->bytes().value_or(0);
            auto removed = open.file->remove_oldest();
            if (!removed || removed->rows == 0) break;
            note_pruned({now, removed->from_us / 1000, removed->until_us / 1000, "flows", removed->rows, "size"});
            sum -= std::min(sum, before - std::min(before, open.file->bytes().value_or(before)));
        }
    }
    status_.bytes_on_disk = sum;
}

// Days that are over stand for themselves: no companion files, readable from read-only places. One that is still read stays for the next time.
void Keeper::finish_old_days(UnixMs now) {
    const std::int64_t today = day_of_ns(now * ns_per_ms);
    for (Day& day : days_) {
        if (day.file && day.number < today - 1) (void)day.file->finish();
    }
    std::erase_if(days_, [&](const Day& day) { return day.number < today - 1; });
}

void Keeper::prune(UnixMs now) {
    const std::int64_t today = day_of_ns(now * ns_per_ms);
    if (today == pruned_day_ && now >= pruned_at_ && now - pruned_at_ < prune_interval_ms) return;
    if (today != pruned_day_) {
        prune_by_age(now);
        finish_old_days(now);
    }
    prune_by_size(now);
    pruned_day_ = today;
    pruned_at_ = now;
}

}  // namespace bulkhead::history
