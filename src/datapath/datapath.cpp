// SPDX-License-Identifier: Apache-2.0
// The parts put together: one epoll, one thread.
#include "datapath/datapath.h"

#include <sys/epoll.h>

#include <algorithm>
#include <array>

#include "datapath/drain.h"
#include "datapath/lock_file.h"
#include "datapath/programs.h"
#include "datapath/watcher.h"
#include "world/live/errno_result.h"

namespace bulkhead::datapath {

namespace {

constexpr std::uint64_t namespaces_every_ns = 200'000'000;
constexpr std::uint32_t ring_number = 0, links_number = 1;
constexpr std::int64_t words_every_ms = 2;  // waking up for each word alone would cost more than all else
constexpr std::size_t events_at_once = 64;
constexpr std::uint32_t flows_least = 64;

Result<void> check(const Options& options) {
    if (options.flows_max < flows_least) return fail(Code::invalid_input, "a table of flows that small is of no use");
    if (options.payload_bytes > payload_bytes_max)
        return fail(Code::invalid_input, "at most " + std::to_string(payload_bytes_max) + " bytes of payload of each direction can be handed over");
    if (options.linger_ns < 0 || options.tcp_idle_ns < 0 || options.other_idle_ns < 0 || options.going_on_ns <= 0)
        return fail(Code::invalid_input, "the datapath's times must not be negative");
    return {};
}

void add(Counted& to, const kernel::interface_counts& counts, kernel::reason why) {
    for (const kernel::counted& one : counts.none[why]) {
        to.packets += one.packets;
        to.bytes += one.bytes;
    }
}

void add(DatapathCounts& to, const kernel::interface_counts& counts) {
    add(to.not_ip, counts, kernel::reason_not_ip);
    add(to.truncated, counts, kernel::reason_truncated);
    add(to.malformed, counts, kernel::reason_malformed);
    add(to.too_deep, counts, kernel::reason_too_deep);
    add(to.unaccounted_full, counts, kernel::reason_full);
    add(to.unaccounted_raced, counts, kernel::reason_raced);
}

}  // namespace

struct Datapath::State {
    Options options;
    Callbacks callbacks;
    std::optional<LockFile> lock;
    std::optional<Programs> programs;
    world::Fd epoll;  // the ring, and:
    world::Fd links;  // the namespaces' sockets
    std::int64_t words_read_ns = 0;
    WallClock clock;
    DatapathCounts counts;
    InterfaceTable table{kernel::interfaces_max};
    std::optional<Drain> drain;
    std::optional<Watcher> watcher;
    std::uint64_t namespaces_looked_ns = 0;

    Result<void> open_epolls();
    Result<void> hear_links(std::int64_t wait_ms);
};

Result<void> Datapath::State::open_epolls() {
    epoll = world::Fd(epoll_create1(EPOLL_CLOEXEC));
    links = world::Fd(epoll_create1(EPOLL_CLOEXEC));
    if (!epoll.valid() || !links.valid()) return world::fail_errno(errno, "epoll");
    for (const auto& [number, fd] : {std::pair{ring_number, drain->fd()}, std::pair{links_number, links.get()}}) {
        epoll_event event{};
        event.events = EPOLLIN;
        event.data.u32 = number;
        if (epoll_ctl(epoll.get(), EPOLL_CTL_ADD, fd, &event) != 0) return world::fail_errno(errno, "epoll");
    }
    return {};
}

Result<void> Datapath::State::hear_links(std::int64_t wait_ms) {
    std::array<epoll_event, events_at_once> events;
    const int got = epoll_wait(links.get(), events.data(), events_at_once, static_cast<int>(wait_ms));
    if (got < 0 && errno != EINTR) return world::fail_errno(errno, "epoll");
    for (int i = 0; i < got; ++i) watcher->hear(events[static_cast<std::size_t>(i)].data.u32);
    return {};
}

Result<std::unique_ptr<Datapath>> Datapath::open(const Options& options, Callbacks callbacks) {
    if (auto fine = check(options); !fine) return std::unexpected(fine.error());
    auto state = std::make_unique<State>();
    state->options = options;
    state->callbacks = std::move(callbacks);
    if (!options.lock_file.empty()) {
        auto lock = LockFile::take(options.lock_file);
        if (!lock) return std::unexpected(lock.error());
        state->lock = std::move(*lock);
    }
    auto programs = Programs::load(options);
    if (!programs) return std::unexpected(programs.error());
    state->programs = std::move(*programs);
    state->clock.measure(WallClock::read());
    state->drain.emplace(state->options, *state->programs, state->table, state->clock, state->callbacks, state->counts);
    if (auto opened = state->drain->open(); !opened) return std::unexpected(opened.error());
    if (auto opened = state->open_epolls(); !opened) return std::unexpected(opened.error());
    state->watcher.emplace(state->programs->meter(), state->links.get(), state->table, state->callbacks, state->counts);
    return std::unique_ptr<Datapath>(new Datapath(std::move(state)));
}

Datapath::Datapath(std::unique_ptr<State> state) : state_(std::move(state)) {}

Datapath::~Datapath() {
    if (state_) state_->watcher->detach_all();
}

Result<void> Datapath::watch(const std::string& netns, Which which) { return state_->watcher->watch(netns, which); }

void Datapath::unwatch(const std::string& netns) { state_->watcher->unwatch(netns); }

int Datapath::fd() const { return state_->epoll.get(); }

Result<void> Datapath::poll(std::chrono::milliseconds timeout) {
    constexpr std::uint64_t ms = 1'000'000;
    WallClock::Reading now = WallClock::read();
    const std::uint64_t until = state_->drain->idle_until_ns();
    const auto monotonic = static_cast<std::uint64_t>(now.monotonic_ns);
    const auto patience = static_cast<std::uint64_t>(std::max<std::int64_t>(timeout.count(), 0));
    const std::uint64_t due_ms = until > monotonic ? (until - monotonic + ms - 1) / ms : 0;
    std::array<epoll_event, 2> events;
    const int got = epoll_wait(state_->epoll.get(), events.data(), static_cast<int>(events.size()), static_cast<int>(std::min(patience, due_ms)));
    if (got < 0 && errno != EINTR) return world::fail_errno(errno, "epoll");
    now = WallClock::read();
    const std::int64_t early_ms = words_every_ms - (now.monotonic_ns - state_->words_read_ns) / static_cast<std::int64_t>(ms);
    const bool only_words = got == 1 && events[0].data.u32 == ring_number;
    // New interfaces first: each millisecond they wait is a millisecond nobody sees. Words gather meanwhile.
    if (auto heard = state_->hear_links(only_words && early_ms > 0 ? early_ms : 0); !heard) return heard;
    now = WallClock::read();
    state_->clock.measure(now);
    state_->words_read_ns = now.monotonic_ns;
    state_->drain->read_words();
    const auto after = static_cast<std::uint64_t>(now.monotonic_ns);
    if (after - state_->namespaces_looked_ns > namespaces_every_ns) {
        state_->namespaces_looked_ns = after;
        state_->watcher->let_go_of_ended();
    }
    return state_->drain->step(after);
}

Result<void> Datapath::finish() {
    state_->watcher->detach_all();
    return state_->drain->everything();
}

std::vector<Interface> Datapath::interfaces() const {
    std::vector<Interface> out;
    for (const Metered* metered : state_->table.all()) out.push_back(metered->interface);
    return out;
}

DatapathCounts Datapath::counts() const {
    DatapathCounts out = state_->counts;
    const kernel::totals totals = state_->programs->totals();
    out.flows_begun = totals.begun;
    out.merged = totals.merged;
    out.orphan_fragments = totals.orphan_fragments;
    out.lost_begun = totals.lost_begun;
    out.lost_payload = totals.lost_payload;
    out.lost_over = totals.lost_closing;
    out.clock_steps = state_->clock.steps();
    add(out, state_->drain->departed());
    for (const Metered* metered : state_->table.all()) add(out, state_->programs->counts_of(metered->interface.id));
    return out;
}

Result<Both> Datapath::seen_on(std::uint16_t interface) const {
    const Metered* metered = state_->table.find(interface);
    if (metered == nullptr) return fail(Code::not_found, "there is no interface " + std::to_string(interface));
    // What is replaced meanwhile is in the ring, and handed over now.
    state_->drain->read_words();
    Both sum = metered->in_flows_over;
    if (auto added = state_->drain->add_running(interface, sum); !added) return std::unexpected(added.error());
    const kernel::interface_counts counts = state_->programs->counts_of(interface);
    for (const auto& why : counts.none) {
        sum.received.packets += why[kernel::direction_received].packets;
        sum.received.bytes += why[kernel::direction_received].bytes;
        sum.sent.packets += why[kernel::direction_sent].packets;
        sum.sent.bytes += why[kernel::direction_sent].bytes;
    }
    return sum;
}

}  // namespace bulkhead::datapath
