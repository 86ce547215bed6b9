// SPDX-License-Identifier: Apache-2.0
// The queue and the thread. Those who add take the lock for as long as a push takes; the thread takes all that waits at once.
#include "history/writer.h"

#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "history/keeper.h"

namespace bulkhead::history {

namespace {

constexpr std::size_t wake_at = 1024;  // flows that are worth a start of the thread
constexpr std::size_t flows_kept_max = 8 * wake_at;
constexpr std::size_t events_max = 4096;

using Clock = std::chrono::steady_clock;

struct Waiting {
    std::vector<flow::Observed> flows;
    std::vector<ContainerEvent> containers;
    std::vector<BlindSpot> blind;
    std::vector<DatapathCounters> counters;
    std::array<std::uint64_t, lost_causes> lost{};
};

}  // namespace

std::string_view name(Lost cause) {
    switch (cause) {
        case Lost::queue_full: return "queue_full";
        case Lost::disk_full: return "disk_full";
        case Lost::write_failed: return "write_failed";
        case Lost::wrong_time: return "wrong_time";
        case Lost::closed: return "closed";
    }
    return "write_failed";
}

struct Writer::Work {
    Work(const WriterOptions& given, std::unique_ptr<Keeper> opened) : options(given), keeper(std::move(opened)) {}

    void run();
    void take(Waiting& taken);
    bool add_counted(std::size_t size, std::size_t max);

    const WriterOptions options;
    std::unique_ptr<Keeper> keeper;  // of the thread
    mutable std::mutex mutex;        // guards all below
    std::condition_variable wake, done;
    Waiting waiting;
    WriterStatus status;
    std::array<std::uint64_t, lost_causes> lost_here{};  // before they came to the thread
    std::uint64_t flushes_asked = 0, flushes_done = 0;
    bool closing = false;
    bool closed = false;
    std::jthread thread;
};

void Writer::Work::take(Waiting& taken) {
    keeper->look_at_clock();
    for (const flow::Observed& observed : taken.flows) keeper->add(observed);
    for (ContainerEvent& event : taken.containers) keeper->add(std::move(event));
    for (BlindSpot& spot : taken.blind) keeper->add(std::move(spot));
    for (DatapathCounters& counters : taken.counters) keeper->add(std::move(counters));
    for (std::size_t cause = 0; cause < lost_causes; ++cause) keeper->lost(static_cast<Lost>(cause), taken.lost[cause]);
    // A burst's memory is not kept.
    if (taken.flows.capacity() > flows_kept_max) taken.flows = {};
    taken.flows.clear();
    taken.containers.clear();
    taken.blind.clear();
    taken.counters.clear();
    taken.lost = {};
}

void Writer::Work::run() {
    Waiting taken;
    auto due = Clock::now() + options.batch_interval;
    std::unique_lock lock(mutex);
    for (;;) {
        wake.wait_until(lock, due, [&] { return closing || flushes_asked != flushes_done || waiting.flows.size() >= wake_at; });
        const std::uint64_t asked = flushes_asked;
        const bool last = closing;
        std::swap(taken, waiting);
        const bool commit = last || asked != flushes_done || Clock::now() >= due;
        lock.unlock();
        take(taken);
        if (last) {
            keeper->close();
        } else if (commit) {
            keeper->commit();
        }
        if (commit) due = Clock::now() + options.batch_interval;
        lock.lock();
        status = keeper->status();
        if (commit) flushes_done = asked;
        done.notify_all();
        if (last) return;
    }
}

// REQUIRES: mutex is held. Whether there is room for one more.
bool Writer::Work::add_counted(std::size_t size, std::size_t max) {
    if (!closing && size < max) return true;
    const auto cause = static_cast<std::size_t>(closing ? Lost::closed : Lost::queue_full);
    if (closing) {
        ++lost_here[cause];
    } else {
        ++waiting.lost[cause];
    }
    return false;
}

Writer::Writer(std::unique_ptr<Work> work) : work_(std::move(work)) {}

Writer::~Writer() { close(); }

Result<std::unique_ptr<Writer>> Writer::open(WriterOptions options) {
    auto keeper = Keeper::open(options);
    if (!keeper) return std::unexpected(keeper.error().in("history"));
    std::unique_ptr<Writer> writer(new Writer(std::make_unique<Work>(options, std::move(*keeper))));
    Work* work = writer->work_.get();
    work->thread = std::jthread([work] { work->run(); });
    return writer;
}

bool Writer::add(flow::Observed observed) {
    const std::scoped_lock lock(work_->mutex);
    if (!work_->add_counted(work_->waiting.flows.size(), work_->options.queue_max)) return false;
    work_->waiting.flows.push_back(std::move(observed));
    if (work_->waiting.flows.size() == wake_at) work_->wake.notify_one();
    return true;
}

bool Writer::add(ContainerEvent event) {
    const std::scoped_lock lock(work_->mutex);
    if (!work_->add_counted(work_->waiting.containers.size(), events_max)) return false;
    work_->waiting.containers.push_back(std::move(event));
    return true;
}

bool Writer::add(BlindSpot spot) {
    const std::scoped_lock lock(work_->mutex);
    if (!work_->add_counted(work_->waiting.blind.size(), events_max)) return false;
    work_->waiting.blind.push_back(std::move(spot));
    return true;
}

bool Writer::add(DatapathCounters counters) {
    const std::scoped_lock lock(work_->mutex);
    if (!work_->add_counted(work_->waiting.counters.size(), events_max)) return false;
    work_->waiting.counters.push_back(std::move(counters));
    return true;
}

void Writer::flush() {
    std::unique_lock lock(work_->mutex);
    if (work_->closing) return;
    const std::uint64_t wanted = ++work_->flushes_asked;
    work_->wake.notify_one();
    work_->done.wait(lock, [&] { return work_->flushes_done >= wanted || work_->closing; });
}

void Writer::close() {
    if (!work_) return;
    {
        const std::scoped_lock lock(work_->mutex);
        if (work_->closed) return;
        work_->closing = work_->closed = true;
        work_->wake.notify_one();
        work_->done.notify_all();
    }
    if (work_->thread.joinable()) work_->thread.join();
    work_->keeper.reset();  // lets the folder go
}

WriterStatus Writer::status() const {
    const std::scoped_lock lock(work_->mutex);
    WriterStatus out = work_->status;
    out.flows_waiting = work_->waiting.flows.size();
    for (std::size_t cause = 0; cause < lost_causes; ++cause) out.lost[cause] += work_->lost_here[cause] + work_->waiting.lost[cause];
    return out;
}

}  // namespace bulkhead::history
